import {
  attachLowLatency,
  FirstwordLLM,
  LocalTTS,
  lowLatency,
  PacedAudioOutput,
  PushAudioInput,
  SessionObserver,
} from '@firstword/livekit';
import { ScriptedSTT, ScriptedVAD } from '@firstword/livekit/testing';
import type { LanguageModel } from '@firstword/llm';
import { systemClock, type TurnRecord } from '@firstword/turn';
import { seededRandom } from '@firstword/turn/statistics';
import { llm, voice } from '@livekit/agents';
import type { SetUp } from '../doctor-corpus/index.js';
import { questionOf, sayTurn, sleep } from './caller.js';
import { HindiModel } from './hindi.js';
import { modelOf, type SetUpModel } from './model.js';
import { TimedVoice } from './voice.js';

/** A turn that has no answer by then is given up, ms. */
const PATIENCE_MS = 12_000;
const { AgentSessionEventTypes: Event } = voice;

/** What is left of a call. */
export interface PlayedCall {
  records: TurnRecord[];
  /** Lines of LiveKit's chat history, as the docs' snippet logs them. */
  history: string[];
}

class CorpusAgent extends voice.Agent {
  readonly #hook: SetUp['turn']['hook'];

  constructor(setUp: SetUp) {
    super({ instructions: 'You answer the phone of a restaurant.', ...toolsOf(setUp) });
    this.#hook = setUp.turn.hook;
  }

  override async onUserTurnCompleted(chatCtx: llm.ChatContext): Promise<void> {
    if (!this.#hook) return;
    await sleep(this.#hook.tookMs);
    if (this.#hook.editsContext) chatCtx.addMessage({ role: 'system', content: 'Found: open until ten.' });
  }
}

function toolsOf({ turn }: SetUp) {
  const { toolMs } = turn;
  if (toolMs === undefined) return {};
  const getWeather = llm.tool({
    description: 'Tells the weather.',
    parameters: { type: 'object', properties: {} },
    execute: async () => {
      await sleep(toolMs);
      return 'It is going to be sunny.';
    },
  });
  return { tools: { get_weather: getWeather } };
}

async function openModel(setUp: SetUp, seed: number): Promise<SetUpModel> {
  if (setUp.answers === 'English') return modelOf(setUp, seed);
  const random = seededRandom(seed, 'hindi');
  const { profile, tokensPerSecond } = setUp.llm;
  const middleMs = typeof profile === 'string' ? 200 : profile.p50Ms;
  const model = new HindiModel({
    firstContentMs: () => middleMs * (0.8 + 0.4 * random.uniform()),
    tokensPerSecond,
  });
  return { model, close: () => model.close() };
}

function optionsOf(
  setUp: SetUp,
  parts: { vad: ScriptedVAD; ears: ScriptedSTT; model: LanguageModel; mouth: TimedVoice },
) {
  const { vad, ears, model, mouth } = parts;
  const options = lowLatency({
    vad,
    stt: ears,
    llm: new FirstwordLLM(model),
    tts: new LocalTTS(mouth),
    levers: { ...setUp.levers, endpointing: false },
    ...(setUp.speculation ? { speculation: setUp.speculation } : {}),
  });
  const { minDelayMs, mode } = setUp.turn;
  const early = { ...options.turnHandling?.preemptiveGeneration, enabled: setUp.preemptiveGeneration };
  return {
    ...options,
    turnHandling: {
      ...options.turnHandling,
      turnDetection: mode,
      endpointing: { mode: 'fixed' as const, minDelay: minDelayMs, maxDelay: minDelayMs + 200 },
      preemptiveGeneration: early,
    },
  };
}

/** Holds the thread now and then, as a large JSON.parse in somebody's logic does. */
function blockThread({ blocked }: SetUp['turn']): () => void {
  if (!blocked) return () => {};
  const timer = setInterval(() => {
    const untilMs = systemClock.nowMs() + blocked.forMs;
    while (systemClock.nowMs() < untilMs);
  }, blocked.everyMs);
  return () => clearInterval(timer);
}

async function until(isSo: () => boolean): Promise<boolean> {
  const endMs = systemClock.nowMs() + PATIENCE_MS;
  while (!isSo() && systemClock.nowMs() < endMs) await sleep(10);
  return isSo();
}

/** One call through a real AgentSession: scripted ears and voice, an emulated LLM on real sockets, in real time. */
export async function playCall(options: {
  setUp: SetUp;
  callId: string;
  seed: number;
  model?: LanguageModel;
}): Promise<PlayedCall> {
  const { setUp, callId, seed } = options;
  const random = seededRandom(seed, 'call');
  const { model, close } = options.model
    ? { model: options.model, close: async () => {} }
    : await openModel(setUp, seed);
  const [vad, ears] = [new ScriptedVAD(), new ScriptedSTT()];
  const [fromMs, toMs] = setUp.voice.firstByteMs;
  const firstByteMs = () => fromMs + random.uniform() * (toMs - fromMs);
  const mouth = new TimedVoice({ firstByteMs, silenceMs: setUp.voice.silenceMs });
  const session = new voice.AgentSession(optionsOf(setUp, { vad, ears, model, mouth }));
  session.input.audio = new PushAudioInput();
  const output = new PacedAudioOutput({ sink: { play: () => {}, clear: () => {} } });
  session.output.audio = output;
  const played: PlayedCall = { records: [], history: [] };
  const observer = new SessionObserver({
    session,
    callId,
    levers: { ...setUp.levers, endpointing: false },
    transcripts: setUp.answers === 'Hindi',
    onTurn: (record, final) => final && played.records.push(record),
  });
  const { transportMs } = setUp.turn;
  const stopHearing =
    transportMs === undefined
      ? () => {}
      : output.watch({
          onPublished: () => {},
          onAudible: (answer, atMs) => {
            const heardMs = atMs + transportMs * (0.9 + 0.2 * random.uniform());
            systemClock.schedule(heardMs - systemClock.nowMs(), () => observer.callerHeard(answer, heardMs));
          },
          onFinished: () => {},
        });
  session.on(Event.ConversationItemAdded, ({ item }) => {
    played.history.push(JSON.stringify({ 'chat.item': { message: item.toJSON() }, job_id: callId }));
  });
  session.on(Event.Error, () => {});
  const detach = attachLowLatency(session);
  await session.start({ agent: new CorpusAgent(setUp) });
  const unblock = blockThread(setUp.turn);
  for (let turn = 1; turn <= setUp.turnsPerCall; turn++) {
    const words = questionOf(setUp, turn);
    await sayTurn({ vad, ears, setUp, words, turn, random: () => random.uniform() });
    await until(() => played.records.length >= turn);
    await sleep(150);
  }
  unblock();
  stopHearing();
  await session.close();
  detach();
  observer.close();
  output.close();
  await close();
  return played;
}
