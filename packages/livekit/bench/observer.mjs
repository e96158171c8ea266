/**
 * Measures the cost of observing a call: CPU time of real AgentSessions with Firstword's observer, its records and the
 * audio measurement (`watchRoom`), against the same calls without them, in alternating blocks in one process. STT, LLM and
 * TTS are scripted; the caller's audio arrives in real time. Then measures how long appending a record to its file blocks
 * the event loop.
 *   npm run bench:observer -- [PAIRS=16] [CALLS=16] [TURNS=1]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadableStream } from 'node:stream/web';
import {
  cascade,
  DEFAULT_LEVERS,
  FirstwordLLM,
  LocalTTS,
  PacedAudioOutput,
  SessionObserver,
  watchRoom,
} from '@firstword/livekit';
import { ScriptedModel, ScriptedSTT, ScriptedVAD, ToneTTS, text } from '@firstword/livekit/testing';
import { distribution, openTurnStore, readTurns } from '@firstword/records';
import { systemClock } from '@firstword/turn';
import { ascending, median, percentile } from '@firstword/turn/statistics';
import { initializeLogger, stt, VADEventType, voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';

const [PAIRS, CALLS, TURNS] = [16, 16, 1].map((usual, at) => Number(process.argv[at + 2] ?? usual));
if (![PAIRS, CALLS, TURNS].every((count) => Number.isInteger(count) && count > 0)) {
  process.stderr.write(
    'The arguments must be positive integers: npm run bench:observer -- [PAIRS=16] [CALLS=16] [TURNS=1]\n',
  );
  process.exit(2);
}
const APPENDS = 10_000;
/** The format in which LiveKit's room delivers the caller's audio: 24 kHz, in frames of 10 ms. */
const RATE_HZ = 24_000;
const FRAME_MS = 10;
const SPEECH_MS = 800;
const PAUSE_MS = 500;
const TIMEOUT_MS = 20_000;
const WORDS = 'What time do you open on Friday.';
const ANSWER = 'We open at six on Friday, and the kitchen closes at ten.';
const { AgentSessionEventTypes: Event } = voice;
const { SpeechEventType: Type } = stt;
const sleep = (ms) => new Promise((resolve) => systemClock.schedule(ms, resolve));
initializeLogger({ pretty: false, level: 'silent' });

async function until(what, isSo) {
  const endMs = systemClock.nowMs() + TIMEOUT_MS;
  while (!isSo()) {
    if (systemClock.nowMs() > endMs) throw new Error(`${what}: not within ${TIMEOUT_MS} ms`);
    await sleep(20);
  }
}

/** An audio input without measurement, like that of a room. */
class PlainInput extends voice.AudioInput {
  #controller;
  constructor() {
    super();
    const start = (controller) => {
      this.#controller = controller;
    };
    this.multiStream.addInputStream(new ReadableStream({ start }));
  }
  push(samples) {
    this.#controller.enqueue(new AudioFrame(samples, RATE_HZ, 1, samples.length));
  }
}

async function openSession({ observed }) {
  const [vad, scriptedStt, input] = [new ScriptedVAD(), new ScriptedSTT(), new PlainInput()];
  const model = new ScriptedModel();
  // The same answer to any number of requests: speculation sends more than one a turn.
  model.answerTo = () => [text(ANSWER)];
  const options = cascade({
    vad,
    stt: scriptedStt,
    llm: new FirstwordLLM(model),
    tts: new LocalTTS(new ToneTTS()),
    levers: { ...DEFAULT_LEVERS, endpointing: false },
  });
  const session = new voice.AgentSession({
    ...options,
    turnHandling: {
      ...options.turnHandling,
      turnDetection: 'vad',
      endpointing: { mode: 'fixed', minDelay: 300, maxDelay: 500 },
    },
  });
  if (observed) watchRoom(session);
  session.input.audio = input;
  const output = new PacedAudioOutput({ sink: { play: () => {}, clear: () => {} } });
  session.output.audio = output;
  session.on(Event.Error, () => {});
  let answers = 0;
  session.on(Event.AgentStateChanged, ({ oldState }) => {
    if (oldState === 'speaking') answers += 1;
  });
  await session.start({ agent: new voice.Agent({ instructions: 'You answer the phone of a restaurant.' }) });
  const frame = Int16Array.from({ length: (RATE_HZ * FRAME_MS) / 1000 }, (_, at) =>
    Math.round(8000 * Math.sin(at / 3)),
  );
  const speaking = setInterval(() => input.push(frame), FRAME_MS);
  const close = async () => {
    clearInterval(speaking);
    await session.close();
    output.close();
  };
  return { session, vad, scriptedStt, answers: () => answers, close };
}

async function sayTurn({ vad, scriptedStt }) {
  vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 50 });
  vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSpeech: 100, speechDuration: SPEECH_MS });
  await sleep(SPEECH_MS / 2);
  scriptedStt.hear(Type.INTERIM_TRANSCRIPT, WORDS.slice(0, 12));
  await sleep(SPEECH_MS / 2);
  scriptedStt.hear(Type.INTERIM_TRANSCRIPT, WORDS);
  scriptedStt.hear(Type.FINAL_TRANSCRIPT, WORDS);
  vad.say(VADEventType.END_OF_SPEECH, { silenceDuration: 50, speaking: false });
}

/** Runs `CALLS` calls at once; returns the CPU time of their turns, without opening and closing, per call and second. */
async function block({ observed, dir, name }) {
  const calls = await Promise.all(Array.from({ length: CALLS }, () => openSession({ observed })));
  const watched = calls.map(({ session }, at) => {
    if (!observed) return undefined;
    const callId = `${name}-${at}`;
    const store = openTurnStore({ dir, callId });
    let turns = 0;
    const onTurn = (record, final) => {
      if (!final) return;
      store.append(record);
      turns += 1;
    };
    return { store, turns: () => turns, observer: new SessionObserver({ session, callId, onTurn }) };
  });
  globalThis.gc?.();
  const [startedMs, before] = [systemClock.nowMs(), process.cpuUsage()];
  await Promise.all(
    calls.map(async (call) => {
      for (let turn = 1; turn <= TURNS; turn += 1) {
        await sayTurn(call);
        await until('an answer', () => call.answers() >= turn);
        await sleep(PAUSE_MS);
      }
    }),
  );
  const { user, system } = process.cpuUsage(before);
  const seconds = (systemClock.nowMs() - startedMs) / 1000;
  for (const [at, call] of calls.entries()) {
    await call.close();
    const seen = watched[at];
    seen?.observer.close();
    await seen?.store.close();
    if (seen && (seen.turns() < TURNS || seen.store.lost > 0)) {
      throw new Error(`${seen.turns()} records of ${TURNS} turns, ${seen.store.lost} lost`);
    }
  }
  return (user + system) / 1e6 / seconds / CALLS;
}

/** How long each append blocks the event loop, ms, sorted, at a rate that keeps the disk busy. */
async function appends(dir) {
  const turns = readTurns(join(dir, 'warm-0.jsonl'), { onBadLine: () => {} });
  const { value: record } = await turns.next();
  const store = openTurnStore({ dir, callId: 'appends' });
  const heldMs = [];
  for (let at = 0; at < APPENDS; at += 1) {
    const startedMs = performance.now();
    store.append({ ...record, turn: at + 1 });
    heldMs.push(performance.now() - startedMs);
    if (at % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await store.close();
  if (store.lost > 0) throw new Error(`${store.lost} records lost`);
  return ascending(heldMs);
}

const share = (value) => `${(value * 100).toFixed(3)} %`;
const dir = await mkdtemp(join(tmpdir(), 'firstword-bench-observer-'));
try {
  const differences = [];
  const without = [];
  console.log(
    `${PAIRS} pairs of blocks of ${CALLS} calls with ${TURNS} turns; shares of one core, per call:`,
  );
  // The first block is a warm-up: it compiles the code that all of them use.
  await block({ observed: true, dir, name: 'warm' });
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const both = {};
    for (const observed of pair % 2 ? [true, false] : [false, true]) {
      both[observed] = await block({ observed, dir, name: `with-${pair}` });
    }
    differences.push(both.true - both.false);
    without.push(both.false);
    console.log(`  without ${share(both.false)}, with ${share(both.true)}: ${share(both.true - both.false)}`);
  }
  const { count, p50, minMs, maxMs } = distribution(differences);
  const [middle, low, high, least, most] = [
    p50.valueMs,
    p50.lowMs ?? p50.valueMs,
    p50.highMs ?? p50.valueMs,
    minMs,
    maxMs,
  ].map(share);
  console.log(
    `Observer and records: ${middle} of a core per call, median of ${count} pairs (95 % interval ${low} to ${high}; pairs from ${least} to ${most}), target ≤ 0.5 %`,
  );
  console.log(`The call itself: ${share(median(without))}`);
  const heldMs = await appends(dir);
  const [usual, p99, longest] = [50, 99, 100].map((percent) => percentile(heldMs, percent).toFixed(3));
  console.log(
    `Appending a record to its file blocks the event loop ${usual} ms at p50, ${p99} ms at p99 (target ≤ 1), ${longest} ms at most; ${APPENDS} records`,
  );
} finally {
  await rm(dir, { recursive: true, force: true });
}
process.exit(0);
