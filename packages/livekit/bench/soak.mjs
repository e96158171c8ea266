/**
 * Runs thousands of turns through real AgentSessions, many at once; STT, LLM and TTS are scripted, LiveKit is real.
 * Callers interrupt, tools run, agents hand over, and every call ends in the middle of a turn. Counts replies that were
 * lost, duplicated or stale, tools that ran early or twice, and resources that were left open. `npm run bench:turns -w @firstword/livekit -- [turns] [calls]`
 */
import {
  attachEagerSTT,
  EagerSTT,
  FirstwordLLM,
  LocalTTS,
  PacedAudioOutput,
  PushAudioInput,
} from '@firstword/livekit';
import { FirstwordError, systemClock } from '@firstword/turn';
import { initializeLogger, llm, stt, VAD, VADEventType, VADStream, voice } from '@livekit/agents';

const [TURNS, CALLS] = [Number(process.argv[2] ?? 1000), Number(process.argv[3] ?? 40)];
const { SpeechEventType: Type } = stt;
const sleep = (ms) => new Promise((resolve) => systemClock.schedule(ms, resolve));
initializeLogger({ pretty: false, level: 'silent' });

class ScriptedVADStream extends VADStream {
  constructor(vad) {
    super(vad);
    void this.#drain();
  }
  async #drain() {
    try {
      while (!(await this.inputReader.read()).done);
    } catch {
      // The session closed the stream.
    }
  }
  say(type, more) {
    this.sendVADEvent({
      samplesIndex: 0,
      timestamp: Date.now(),
      speechDuration: 0,
      silenceDuration: 0,
      frames: [],
      probability: 1,
      inferenceDuration: 0,
      speaking: type !== VADEventType.END_OF_SPEECH,
      rawAccumulatedSilence: 0,
      rawAccumulatedSpeech: 0,
      type,
      ...more,
    });
  }
}

class ScriptedVAD extends VAD {
  label = 'scripted-vad';
  streams = [];
  constructor() {
    super({ updateInterval: 32 });
  }
  get minSilenceDuration() {
    return 250;
  }
  stream() {
    const stream = new ScriptedVADStream(this);
    this.streams.push(stream);
    return stream;
  }
  say(type, more = {}) {
    for (const stream of this.streams) stream.say(type, more);
  }
}

class ScriptedSpeechStream extends stt.SpeechStream {
  label = 'scripted-speech-stream';
  async run() {
    for await (const _frame of this.input);
  }
  hear(type, text) {
    this.queue.put({
      type,
      alternatives: [{ text, language: 'en', startTime: 0, endTime: 0, confidence: 0.9 }],
    });
  }
}

class ScriptedSTT extends stt.STT {
  label = 'scripted-stt';
  constructor() {
    super({ streaming: true, interimResults: true });
  }
  stream(options) {
    this.speechStream = new ScriptedSpeechStream(this, undefined, options?.connOptions);
    return this.speechStream;
  }
}

/** Echoes the number of the turn; fails the first request of the turns in `failing`, calls a tool for those in `lookedUp`. */
class EchoModel {
  provider = 'scripted';
  model = 'echo';
  failing = new Set();
  lookedUp = new Set();
  requests = 0;
  /** Number of answers being streamed. */
  open = 0;
  chat({ messages }, { signal } = {}) {
    this.requests++;
    const asked = messages.findLast(({ role }) => role === 'user').content;
    const number = asked.match(/\d+/)?.[0];
    const trace = {
      provider: 'scripted',
      model: 'echo',
      emulated: true,
      requests: 1,
      outcome: 'pending',
      marks: { llmRequested: systemClock.nowMs() },
    };
    const fails = this.failing.delete(number);
    const looksUp = this.lookedUp.has(number) && messages.at(-1).role !== 'tool';
    const model = this;
    async function* play() {
      model.open++;
      try {
        if (fails) throw new FirstwordError('provider_unavailable', 'Down on purpose.');
        await sleep(5 + (asked.length % 3) * 20);
        if (signal?.aborted) throw new FirstwordError('aborted', 'No longer wanted.');
        if (looksUp)
          yield { type: 'toolCall', call: { id: `look-${number}`, name: 'look', arguments: '{}' } };
        else yield { type: 'text', text: `Answer to ${asked.replaceAll('.', '')}.` };
        trace.outcome = 'finished';
      } finally {
        model.open--;
      }
    }
    return { trace, cancel: () => {}, [Symbol.asyncIterator]: play };
  }
  async warm() {}
  async close() {}
}

/** Encodes the turn number in the sample level; a negative level marks a superseded draft, which must never be played. */
class NumberTTS {
  provider = 'scripted';
  model = 'number';
  voice = 'number';
  sampleRateHz = 24_000;
  async ready() {}
  async *synthesize(text) {
    const level = 2000 + Number(text.match(/\d+/)?.[0] ?? 0) * 20;
    yield new Int16Array(2_400).fill(text.includes('draft') ? -level : level);
  }
  async close() {}
}

const KINDS = [
  'same',
  'spelling',
  'changed',
  'no interim',
  'final twice',
  'early final',
  'late other',
  'failed',
  'tool',
  'tool, changed',
  'barge-in',
  'hand-off',
];
/** When a call ends: this long after the first interim of its last turn, ms. */
const CLOSE_AFTER_MS = [0, 20, 60, 110, 160, 250];

async function openCall() {
  const [vad, inner, model, played] = [new ScriptedVAD(), new ScriptedSTT(), new EchoModel(), []];
  const session = new voice.AgentSession({
    vad,
    stt: new EagerSTT(inner, {
      vad,
      finalSilenceMs: 200,
      speculation: { minAcceptance: 0, maxWastedTokensPerMinute: 1e6, maxWastedTokensPerCall: 1e6 },
    }),
    llm: new FirstwordLLM(model),
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
  session.input.audio = new PushAudioInput();
  session.output.audio = new PacedAudioOutput({
    sink: {
      play: (samples) => played.at(-1) !== samples[0] && samples[0] !== 0 && played.push(samples[0]),
      clear: () => {},
    },
  });
  session.on(voice.AgentSessionEventTypes.Error, () => {});
  const detach = attachEagerSTT(session);
  const toolRuns = [];
  const look = llm.tool({
    description: 'looks up',
    parameters: { type: 'object', properties: {} },
    execute: async () => {
      const words = session.history.items.findLast((i) => i.role === 'user')?.textContent ?? 'early';
      toolRuns.push(words);
      return 'found';
    },
  });
  const newAgent = () => new voice.Agent({ instructions: 'x', tools: { look } });
  await session.start({ agent: newAgent() });
  const close = () => session.close().then(detach);
  return { session, vad, inner, model, played, toolRuns, newAgent, close };
}

async function playTurn(call, n, kind) {
  const { vad, model } = call;
  const interim = (text) => call.inner.speechStream.hear(Type.INTERIM_TRANSCRIPT, text);
  const final = (text) => call.inner.speechStream.hear(Type.FINAL_TRANSCRIPT, text);
  const words = `Question ${n}.`;
  if (kind === 'failed') model.failing.add(String(n));
  if (kind.startsWith('tool')) model.lookedUp.add(String(n));
  vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 50 });
  vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSpeech: 100, speechDuration: 600 });
  if (kind !== 'no interim')
    interim(
      kind === 'changed' || kind === 'late other' || kind === 'tool, changed'
        ? `question ${n} draft`
        : kind === 'spelling'
          ? `question ${n}`
          : words,
    );
  // The request must fail before the commit: only a failed speculation is retried at the commit.
  if (kind === 'failed') await until(() => !model.failing.has(String(n)));
  await sleep(kind === 'failed' ? 40 : 15 + (n % 4) * 15);
  if (kind === 'hand-off') {
    const next = call.newAgent();
    call.session.updateAgent(next);
    // The new agent receives audio once it is active.
    await until(() => call.session.currentAgent === next);
    await sleep(60);
    vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 50 });
    vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSpeech: 100, speechDuration: 600 });
  }
  if (kind === 'early final' || kind === 'late other') {
    vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSilence: 450, speechDuration: 600 });
    await sleep(5);
  }
  final(words);
  if (kind === 'final twice') final(words);
  // The different final must arrive before the commit: after it, it would only correct history.
  if (kind === 'late other') await sleep(30);
  vad.say(VADEventType.END_OF_SPEECH, { silenceDuration: 50, speaking: false });
  // A caller who interrupts begins the next turn as soon as the answer is audible.
  if (kind === 'barge-in') return until(() => call.played.includes(levelOf(n)));
  await until(() =>
    call.session.history.items.some(
      (i) => i.role === 'assistant' && i.textContent?.includes(`uestion ${n}.`),
    ),
  );
}

const levelOf = (n) => 2000 + n * 20;

async function until(isSo) {
  const untilMs = systemClock.nowMs() + 5_000;
  while (!isSo() && systemClock.nowMs() < untilMs) await sleep(5);
}

/** Ends a call in the middle of a turn; returns what was left open, and what was played after the close. */
async function closeMidTurn(call, n, index) {
  const { vad, inner } = call;
  vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 50 });
  inner.speechStream.hear(Type.INTERIM_TRANSCRIPT, `Question ${n}.`);
  await sleep(CLOSE_AFTER_MS[index % CLOSE_AFTER_MS.length]);
  if (index % 2) {
    inner.speechStream.hear(Type.FINAL_TRANSCRIPT, `Question ${n}.`);
    vad.say(VADEventType.END_OF_SPEECH, { silenceDuration: 50, speaking: false });
    await sleep(CLOSE_AFTER_MS[(index >> 1) % CLOSE_AFTER_MS.length]);
  }
  await call.close();
  const played = call.played.length;
  await until(() => call.model.open === 0);
  await sleep(150);
  return { open: call.model.open, playedAfter: call.played.length - played };
}

const table = Object.fromEntries(
  KINDS.map((kind) => [kind, { turns: 0, lost: 0, doubled: 0, stale: 0, toolErrors: 0 }]),
);

async function playCall(index) {
  const call = await openCall();
  const kinds = [];
  const turns = Math.ceil(TURNS / CALLS);
  for (let n = 1; n <= turns; n++) {
    const kind = KINDS[(n + index) % KINDS.length];
    kinds[n] = kind;
    await playTurn(call, n, kind);
    if (kind !== 'barge-in') await sleep(60);
  }
  const replies = call.session.history.items.flatMap((i) => (i.role === 'assistant' ? [i.textContent] : []));
  for (let n = 1; n <= turns; n++) {
    const row = table[kinds[n]];
    const level = levelOf(n);
    const answers = replies.filter((text) => text.match(/\d+/)?.[0] === String(n)).length;
    row.turns++;
    // An answer that was interrupted right at its start may be missing in history.
    if ((answers === 0 && kinds[n] !== 'barge-in') || !call.played.includes(level)) row.lost++;
    if (answers > 1 || call.played.filter((l) => l === level).length > 1) row.doubled++;
    if (call.played.includes(-level)) row.stale++;
    const runs = call.toolRuns.filter((words) => words.match(/\d+/)?.[0] === String(n));
    if (runs.length !== (kinds[n].startsWith('tool') ? 1 : 0)) row.toolErrors++;
  }
  const ended = await closeMidTurn(call, turns + 1, index);
  const { counters } = call.session.stt;
  const unsettled = counters.started - counters.kept - counters.cancelled;
  return { requests: call.model.requests, ...counters, ...ended, unsettled };
}

const startedMs = systemClock.nowMs();
const calls = await Promise.all(Array.from({ length: CALLS }, (_, i) => playCall(i)));
const sum = (key) => calls.reduce((total, call) => total + call[key], 0);
const rows = Object.values(table);
const total = (key) => rows.reduce((all, row) => all + row[key], 0);
const columns = ['turns', 'lost', 'doubled', 'stale', 'toolErrors'];
console.table({ ...table, all: Object.fromEntries(columns.map((key) => [key, total(key)])) });
console.log(
  `${CALLS} calls at once, ${((systemClock.nowMs() - startedMs) / 1000).toFixed(1)} s; ${sum('requests')} LLM requests; ` +
    `speculations: ${sum('started')} started, ${sum('kept')} kept, ${sum('cancelled')} cancelled, ${sum('wastedTokens')} tokens wasted`,
);
const left = ['open', 'playedAfter', 'unsettled'].map(sum);
console.log(
  `${CALLS} calls closed in the middle of a turn; left: ${left[0]} LLM streams open, ${left[1]} answers played afterwards, ${left[2]} speculations unsettled`,
);
const faults = columns.slice(1).map(total).concat(left);
process.exit(faults.every((count) => count === 0) ? 0 : 1);
