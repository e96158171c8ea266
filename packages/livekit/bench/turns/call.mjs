/** One call: a real AgentSession with a router over two providers, and the caller who plays its turns. */
import {
  attachEagerSTT,
  EagerSTT,
  FirstwordLLM,
  LocalTTS,
  PacedAudioOutput,
  PushAudioInput,
  SessionObserver,
} from '@firstword/livekit';
import { ScriptedSTT, ScriptedVAD } from '@firstword/livekit/testing';
import { openAiCompatible, router } from '@firstword/llm';
import { systemClock } from '@firstword/turn';
import { llm, stt, VADEventType, voice } from '@livekit/agents';
import { FAULTS } from './faults.mjs';
import { levelOf, NumberTTS } from './number-tts.mjs';
import { turnOf } from './schedule.mjs';

const { SpeechEventType: Type } = stt;
const { AgentSessionEventTypes: Event } = voice;
export const sleep = (ms) => new Promise((resolve) => systemClock.schedule(ms, resolve));

/** Much shorter than the default, so that most turns ask the primary and meet its fault, ms. All else is the default. */
const BREAKER = { threshold: 3, openMs: 100, maxOpenMs: 200 };

/** The levels that were played are read every 5 ms of sound: a late output plays several clauses at once. */
const SAMPLES_LOOKED_AT = 120;
/** The longest wait for what must happen in a turn, ms. */
const PATIENCE_MS = 20_000;

export async function until(isSo) {
  const untilMs = systemClock.nowMs() + PATIENCE_MS;
  while (!isSo() && systemClock.nowMs() < untilMs) await sleep(5);
}

export const numberIn = (text) => Number(text?.match(/\d+/)?.[0] ?? Number.NaN);

function routerFor(call, port) {
  const at = (provider) =>
    openAiCompatible({
      baseUrl: `http://127.0.0.1:${port}/${provider}/v1`,
      model: 'm',
      provider,
      extra: { call },
    });
  return router({ models: [at('primary'), at('backup')], breaker: BREAKER });
}

function tool(name, call) {
  return llm.tool({
    description: name,
    parameters: { type: 'object', properties: { words: { type: 'string' } } },
    execute: async ({ words }) => {
      const asked = call.session.history.items.findLast(({ role }) => role === 'user')?.textContent;
      call.toolRuns.push({ name, words, asked });
      return 'found';
    },
  });
}

export async function openCall(index, port) {
  const [vad, inner] = [new ScriptedVAD(), new ScriptedSTT()];
  const languageModel = routerFor(index, port);
  // A machine that is busy with the start may connect late, which is none of the faults.
  for (let tries = 0; tries < 5; tries++) {
    const isWarm = await languageModel.warm().then(
      () => true,
      () => false,
    );
    if (isWarm) break;
  }
  const model = new FirstwordLLM(languageModel);
  const call = {
    index,
    vad,
    inner,
    turn: 0,
    played: [],
    toolRuns: [],
    errors: [],
    requests: [],
    records: [],
  };
  model.watch(({ trace }) => call.requests.push({ turn: call.turn, trace }));
  const session = new voice.AgentSession({
    vad,
    stt: new EagerSTT(inner, {
      vad,
      finalSilenceMs: 200,
      speculation: { minAcceptance: 0, maxWastedTokensPerMinute: 1e6, maxWastedTokensPerCall: 1e6 },
    }),
    llm: model,
    tts: new LocalTTS(new NumberTTS()),
    turnHandling: {
      turnDetection: 'vad',
      endpointing: { mode: 'fixed', minDelay: 50, maxDelay: 100 },
      interruption: { mode: 'vad' },
      preemptiveGeneration: { enabled: true, preemptiveTts: true, maxRetries: 1000 },
    },
    aecWarmupDuration: null,
    connOptions: { maxUnrecoverableErrors: 1e6 },
  });
  call.session = session;
  session.input.audio = new PushAudioInput();
  const { played } = call;
  const play = (samples) => {
    for (let at = 0; at < samples.length; at += SAMPLES_LOOKED_AT) {
      const level = samples[at];
      if (level !== 0 && played.at(-1) !== level) played.push(level);
    }
  };
  session.output.audio = new PacedAudioOutput({ sink: { play, clear: () => {} } });
  session.on(Event.Error, () => call.errors.push(systemClock.nowMs()));
  const detach = attachEagerSTT(session);
  const observer = new SessionObserver({
    session,
    callId: `call-${index}`,
    transcripts: true,
    onTurn: (record, final) => final && call.records.push(record),
  });
  const tools = { look: tool('look', call), reserve: tool('reserve', call) };
  call.newAgent = () => new voice.Agent({ instructions: 'x', tools });
  await session.start({ agent: call.newAgent() });
  call.close = async () => {
    await session.close();
    detach();
    observer.close();
    await model.aclose();
  };
  return call;
}

/** The agent's messages, as text. */
export const repliesOf = ({ session }) =>
  session.history.items.flatMap((item) => (item.role === 'assistant' ? [item.textContent ?? ''] : []));

function startSpeaking(vad) {
  vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 50 });
  vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSpeech: 100, speechDuration: 600 });
}

async function handOff(call) {
  const next = call.newAgent();
  call.session.updateAgent(next);
  // The new agent receives audio once it is active.
  await until(() => call.session.currentAgent === next);
  await sleep(60);
  startSpeaking(call.vad);
}

const INTERIM = { changed: 'draft', 'late other': 'draft', 'tool, changed': 'draft', spelling: '' };

export async function playTurn(call, n) {
  const { vad, inner } = call;
  const { kind, fault } = turnOf(call.index, n);
  const words = `Question ${n}.`;
  const final = () => inner.hear(Type.FINAL_TRANSCRIPT, words);
  call.turn = n;
  startSpeaking(vad);
  if (kind !== 'no interim') {
    const other = kind in INTERIM ? `question ${n} ${INTERIM[kind]}`.trim() : words;
    inner.hear(Type.INTERIM_TRANSCRIPT, other);
    // Speculations start in the silence after it. The sound that follows ends it: on a busy machine the next step may come so
    // late that the pause would count as the end of the turn, and the interim as its words.
    for (const rawAccumulatedSilence of [32, 0])
      vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSilence, speechDuration: 600 });
  }
  await sleep(15 + (n % 4) * 15);
  if (kind === 'hand-off') await handOff(call);
  if (kind === 'early final' || kind === 'late other') {
    vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSilence: 450, speechDuration: 600 });
    await sleep(5);
  }
  final();
  if (kind === 'final twice') final();
  // The different final must arrive before the commit: after it, it would only correct history.
  if (kind === 'late other') await sleep(30);
  vad.say(VADEventType.END_OF_SPEECH, { silenceDuration: 50, speaking: false });
  const saidMs = systemClock.nowMs();
  // A caller who interrupts begins the next turn as soon as the answer is audible.
  if (kind === 'barge-in') return until(() => call.played.includes(levelOf(n)));
  const isAnswered = () => repliesOf(call).some((text) => numberIn(text) === n);
  const isReported = () =>
    FAULTS[fault].expect === 'failure' &&
    call.errors.some((atMs) => atMs > saidMs) &&
    call.requests.every(({ turn, trace }) => turn !== n || trace.outcome !== 'pending');
  await until(() => isAnswered() || isReported());
  await sleep(60);
}

/** When a call ends: this long after the first interim of its last turn, ms. */
const CLOSE_AFTER_MS = [0, 20, 60, 110, 160, 250];

/** Ends a call in the middle of a turn; returns what was left open, and what was played after the close. */
export async function closeMidTurn(call, n, openRequests) {
  const { vad, inner, index } = call;
  vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 50 });
  inner.hear(Type.INTERIM_TRANSCRIPT, `Question ${n}.`);
  await sleep(CLOSE_AFTER_MS[index % CLOSE_AFTER_MS.length]);
  if (index % 2) {
    inner.hear(Type.FINAL_TRANSCRIPT, `Question ${n}.`);
    vad.say(VADEventType.END_OF_SPEECH, { silenceDuration: 50, speaking: false });
    await sleep(CLOSE_AFTER_MS[(index >> 1) % CLOSE_AFTER_MS.length]);
  }
  await call.close();
  const played = call.played.length;
  let open = await openRequests();
  for (let tries = 0; open > 0 && tries < 50; tries++) {
    await sleep(100);
    open = await openRequests();
  }
  await sleep(150);
  return { open, playedAfter: call.played.length - played };
}
