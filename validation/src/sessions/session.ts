import {
  attachLowLatency,
  cascade,
  DEFAULT_LEVERS,
  FirstwordLLM,
  LocalTTS,
  PacedAudioOutput,
  PushAudioInput,
  SessionObserver,
} from '@firstword/livekit';
import { ScriptedSTT, ScriptedVAD } from '@firstword/livekit/testing';
import type { LanguageModel } from '@firstword/llm';
import { systemClock, type TurnRecord } from '@firstword/turn';
import { type Random, seededRandom } from '@firstword/turn/statistics';
import { llm, voice } from '@livekit/agents';
import type { SetUp } from '../doctor-corpus/set-up.js';
import { questionOf, sayTurn, sleep } from './caller.js';
import { HindiModel } from './hindi.js';
import { modelOf, type SetUpModel } from './model.js';
import { TimedTts } from './timed-tts.js';

/** Longest wait for the record of a turn, ms. */
const TURN_TIMEOUT_MS = 12_000;
const { AgentSessionEventTypes: Event } = voice;

/** Data of a played call. */
export interface ScriptedCall {
  records: TurnRecord[];
  /** Lines of LiveKit's chat history, in the format of the logging snippet in the docs. */
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
  parts: { vad: ScriptedVAD; stt: ScriptedSTT; model: LanguageModel; tts: TimedTts },
) {
  const { vad, stt, model, tts } = parts;
  const options = cascade({
    vad,
    stt,
    llm: new FirstwordLLM(model),
    tts: new LocalTTS(tts),
    levers: {
      ...DEFAULT_LEVERS,
      ...setUp.levers,
      endpointing: false,
      askAgain: false,
      repair: false,
      bargeIn: false,
    },
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

/** Blocks the event loop periodically, like a large JSON.parse in the user's code. */
function blockThread({ blocked }: SetUp['turn']): () => void {
  if (!blocked) return () => {};
  const timer = setInterval(() => {
    const untilMs = systemClock.nowMs() + blocked.forMs;
    while (systemClock.nowMs() < untilMs);
  }, blocked.everyMs);
  return () => clearInterval(timer);
}

async function until(isSo: () => boolean): Promise<boolean> {
  const endMs = systemClock.nowMs() + TURN_TIMEOUT_MS;
  while (!isSo() && systemClock.nowMs() < endMs) await sleep(10);
  return isSo();
}

/** Reports to the observer when the caller hears an answer: `transportMs` ± 10 % after it left the agent. */
function simulateTransport(
  transportMs: number | undefined,
  { output, observer, random }: { output: PacedAudioOutput; observer: SessionObserver; random: Random },
): () => void {
  if (transportMs === undefined) return () => {};
  return output.watch({
    onPublished: () => {},
    onAudible: (answer, atMs) => {
      const heardMs = atMs + transportMs * (0.9 + 0.2 * random.uniform());
      systemClock.schedule(heardMs - systemClock.nowMs(), () => observer.callerHeard(answer, heardMs));
    },
    onFinished: () => {},
  });
}

/** Plays one call in real time through a real AgentSession with scripted STT and TTS and an emulated LLM on real sockets. */
export async function playScriptedCall(options: {
  setUp: SetUp;
  callId: string;
  seed: number;
  model?: LanguageModel;
}): Promise<ScriptedCall> {
  const { setUp, callId, seed } = options;
  const random = seededRandom(seed, 'call');
  const { model, close } = options.model
    ? { model: options.model, close: async () => {} }
    : await openModel(setUp, seed);
  const [vad, stt] = [new ScriptedVAD(), new ScriptedSTT()];
  const [fromMs, toMs] = setUp.tts.firstByteMs;
  const firstByteMs = () => fromMs + random.uniform() * (toMs - fromMs);
  const tts = new TimedTts({ firstByteMs, silenceMs: setUp.tts.silenceMs });
  const session = new voice.AgentSession(optionsOf(setUp, { vad, stt, model, tts }));
  session.input.audio = new PushAudioInput();
  const output = new PacedAudioOutput({ sink: { play: () => {}, clear: () => {} } });
  session.output.audio = output;
  const played: ScriptedCall = { records: [], history: [] };
  const observer = new SessionObserver({
    session,
    callId,
    levers: { ...setUp.levers, endpointing: false, askAgain: false, repair: false, bargeIn: false },
    transcripts: setUp.answers === 'Hindi',
    onTurn: (record, final) => final && played.records.push(record),
  });
  const stopTransport = simulateTransport(setUp.turn.transportMs, { output, observer, random });
  session.on(Event.ConversationItemAdded, ({ item }) => {
    played.history.push(JSON.stringify({ 'chat.item': { message: item.toJSON() }, job_id: callId }));
  });
  session.on(Event.Error, () => {});
  const detach = attachLowLatency(session);
  await session.start({ agent: new CorpusAgent(setUp) });
  const unblock = blockThread(setUp.turn);
  for (let turn = 1; turn <= setUp.turnsPerCall; turn++) {
    const words = questionOf(setUp, turn);
    await sayTurn({ vad, stt, setUp, words, turn, random: () => random.uniform() });
    await until(() => played.records.length >= turn);
    await sleep(150);
  }
  unblock();
  stopTransport();
  await session.close();
  detach();
  observer.close();
  output.close();
  await close();
  return played;
}
