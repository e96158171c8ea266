// Turns of a realtime model with silent generations and other faults, at real pace through LiveKit's own plugin: is each turn answered
// once, by the right answer, or is its loss reported? It fails where one is doubled, stale, or lost without a report, or where fewer than
// 95 % of the silent generations are noticed within 1.2 s and answered (by the cascade, unless --by model).
// node bench/realtime-rescue.mjs [--turns 1000] [--calls 8] [--silent 0.065] [--others 0.012] [--spread] [--by model|cascade|both] [--seed 1] [--json]
import { parseArgs } from 'node:util';
import { startRealtimeEmulator } from '@firstword/emulator/realtime';
import {
  AgentSession,
  FirstwordLLM,
  LocalTTS,
  PacedAudioOutput,
  PushAudioInput,
  SessionObserver,
} from '@firstword/livekit';
import { ScriptedModel, text } from '@firstword/livekit/testing';
import { initializeLogger, voice } from '@livekit/agents';
import * as openai from '@livekit/agents-plugin-openai';

const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '1000' },
    calls: { type: 'string', default: '8' },
    silent: { type: 'string', default: '0.065' },
    others: { type: 'string', default: '0.012' },
    spread: { type: 'boolean', default: false },
    by: { type: 'string', default: 'both' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const calls = Number(values.calls);
const turnsPerCall = Math.ceil(Number(values.turns) / calls);
const NOTICED_MS = 1200;
const RATE_HZ = 24_000;
const FRAME = RATE_HZ / 50;
const QUESTION_MS = 800;
const ANSWER_MS = 500;
/** A turn without an answer is given up after this time. */
const GIVEN_UP_MS = 10_000;
/** Answers are told apart by their pitch. */
const PITCHES = 40;
const pitchOf = (number) => 400 + 30 * (number % PITCHES);
const REPEAT_HZ = 250;

/**
 * The published median of gpt-realtime-1.5 for every response, silent ones included, or with --spread the published spread of its answers
 * (docs/realtime.md). How long silent generations take has not been published; one of them took 68 ms (livekit/agents#7390).
 */
const PROFILE = {
  name: 'gpt-realtime-1.5',
  model: 'gpt-realtime-1.5',
  generation: values.spread ? { p50Ms: 780, p95Ms: 1580, maxMs: 3052 } : { p50Ms: 652, p95Ms: 652 },
  source: 'kwindla/aiewf-eval 2026, voice to voice, less 500 ms of turn detection',
  createdMs: 20,
  leadingSilenceMs: 40,
  audioSpeed: 4,
  transcriptMs: 400,
};
const OTHERS = [
  { kind: 'no-audio' },
  { kind: 'silent-audio' },
  { kind: 'late-audio', delayMs: 8000 },
  { kind: 'audio-stops', afterMs: 300 },
  { kind: 'never-created' },
  { kind: 'rate-limited' },
  { kind: 'server-error' },
  { kind: 'reset' },
  { kind: 'garbage' },
];
const rules = [
  { fault: { kind: 'silent-generation' }, probability: Number(values.silent) },
  ...OTHERS.map((fault) => ({ fault, probability: Number(values.others) })),
  { fault: { kind: 'session-expires', afterMs: 25_000 }, probability: Number(values.others) > 0 ? 0.5 : 0 },
];

initializeLogger({ pretty: false, level: 'silent' });
// LiveKit 1.9.0 leaves promises behind that are rejected without a reason, or because a session is over.
process.on('unhandledRejection', (reason) => {
  if (reason !== undefined && !/closed|reconnected|timed out|aborted/i.test(String(reason))) throw reason;
});

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function tone(pitchHz, ms, rateHz) {
  return Int16Array.from({ length: Math.round((ms * rateHz) / 1000) }, (_, i) =>
    Math.round(6000 * Math.sin((2 * Math.PI * pitchHz * i) / rateHz)),
  );
}

/** Says "Answer 7" as half a second of its pitch. */
function pitchedVoice(sampleRateHz) {
  return {
    sampleRateHz,
    async *synthesize(words) {
      const number = /Answer (\d+)/.exec(words)?.[1];
      const samples = tone(
        number === undefined ? REPEAT_HZ : pitchOf(Number(number)),
        ANSWER_MS,
        sampleRateHz,
      );
      for (let at = 0; at < samples.length; at += sampleRateHz / 50)
        yield samples.slice(at, at + sampleRateHz / 50);
    },
  };
}

/** What is answered to a conversation. */
function answerTo(messages) {
  const system = messages.filter(({ role }) => role === 'system').map(({ words }) => words);
  if (system.some((words) => /ask them to repeat/.test(words))) return 'Repeat';
  const asked = messages.findLast(({ role }) => role === 'user')?.words ?? '';
  return `Answer ${/Question (\d+)/.exec(asked)?.[1] ?? 'none'}`;
}

class CascadeModel extends ScriptedModel {
  answerTo({ messages }) {
    const said = answerTo(messages.map(({ role, content }) => ({ role, words: String(content) })));
    return [pause(300), text(said)];
  }
}

/** Finds the answers in what the caller hears. */
class Listener {
  heard = [];
  #current;

  push(samples, atMs) {
    const loudest = samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
    if (loudest < 300) return;
    const durationMs = (samples.length * 1000) / RATE_HZ;
    if (!this.#current || atMs - this.#current.untilMs > 150) {
      this.#current = { fromMs: atMs, untilMs: atMs, soundMs: 0, crossings: 0, last: 0 };
      this.heard.push(this.#current);
    }
    const burst = this.#current;
    for (const sample of samples) {
      if (burst.last <= 0 && sample > 0) burst.crossings += 1;
      burst.last = sample;
    }
    burst.soundMs += durationMs;
    burst.untilMs = atMs + durationMs;
  }

  /** What was audible between two moments, by pitch. */
  between(fromMs, toMs) {
    return this.heard
      .filter((burst) => burst.fromMs >= fromMs && burst.fromMs < toMs)
      .map(({ fromMs: atMs, soundMs, crossings }) => ({
        atMs,
        pitchHz: (crossings * 1000) / soundMs,
        soundMs,
      }));
  }
}

/** Within half of the distance of two answers, or a little more for a short piece. */
const isPitch = (burst, hz) => Math.abs(burst.pitchHz - hz) < (burst.soundMs < 150 ? 14.9 : 12);
/** Sound of this pitch, ms. A busy machine breaks an answer into pieces. */
const soundOf = (bursts, hz) =>
  bursts.filter((burst) => isPitch(burst, hz)).reduce((sum, { soundMs }) => sum + soundMs, 0);
const WHOLE_MS = 0.85 * ANSWER_MS;

/** A caller's microphone at real pace. */
function startMicrophone(input, isOver) {
  const startMs = performance.now();
  let frame = 0;
  let speechLeft = 0;
  const push = () => {
    while (startMs + (frame + 1) * 20 <= performance.now()) {
      const isSpeech = speechLeft > 0;
      if (isSpeech) speechLeft -= 1;
      const samples = new Int16Array(FRAME);
      if (isSpeech)
        for (let i = 0; i < FRAME; i += 1) samples[i] = Math.round(8000 * Math.sin((frame * FRAME + i) / 12));
      input.push(samples, startMs + frame * 20);
      frame += 1;
    }
    if (!isOver()) setTimeout(push, 4);
  };
  push();
  return async () => {
    speechLeft = QUESTION_MS / 20;
    while (speechLeft > 0) await pause(10);
  };
}

let played = 0;

async function runCall(index) {
  let asked = 0;
  const words = () => [
    { text: 'Question', startMs: 0, endMs: 100 },
    { text: String(asked), startMs: 100, endMs: 200 },
  ];
  const recognizer = {
    openStream: () => {
      let isSpeech = false;
      return {
        push: () => {},
        speechStarted: () => {
          isSpeech = true;
        },
        speechPaused: () => {},
        heard: () => (isSpeech ? words() : []),
        endSegment: async () => {
          const found = isSpeech ? words() : [];
          isSpeech = false;
          return found;
        },
        close: () => {},
      };
    },
  };
  const emulator = await startRealtimeEmulator({
    seed: Number(values.seed) + index,
    rttMs: 40,
    profile: PROFILE,
    recognizer,
    voice: pitchedVoice(16_000),
    answers: ({ messages }) => answerTo(messages.map(({ role, text: said }) => ({ role, words: said }))),
    faults: { rules },
  });
  const by = values.by === 'both' ? (index % 2 === 0 ? 'cascade' : 'model') : values.by;
  const tts = new LocalTTS({
    provider: 'tone',
    model: 'tone',
    voice: 'tone',
    ready: async () => {},
    close: async () => {},
    ...pitchedVoice(24_000),
  });
  const cascade = by === 'cascade' ? { tts } : {};
  const session = new AgentSession({
    llm: new openai.realtime.RealtimeModel({
      apiKey: 'k',
      baseURL: emulator.url,
      turnDetection: { type: 'server_vad', silence_duration_ms: 500 },
    }),
    ...cascade,
    vad: null,
    aecWarmupDuration: null,
    turnHandling: { turnDetection: 'realtime_llm' },
    firstword: { rescue: by === 'cascade' ? { llm: new FirstwordLLM(new CascadeModel([])) } : {} },
  });
  const input = new PushAudioInput({ rateHz: RATE_HZ });
  const listener = new Listener();
  session.input.audio = input;
  session.output.audio = new PacedAudioOutput({
    sink: { play: (samples, atMs) => listener.push(samples, atMs), clear: () => {} },
  });
  const records = [];
  const errors = [];
  session.on(voice.AgentSessionEventTypes.Error, () => errors.push(performance.now()));
  let closed = false;
  session.on(voice.AgentSessionEventTypes.Close, () => {
    closed = true;
  });
  const observer = new SessionObserver({
    session,
    callId: `call-${index}`,
    callStartMs: 0,
    onTurn: (record, final) => final && records.push(record),
  });
  await session.start({ agent: new voice.Agent({ instructions: 'Answer each question.' }) });
  let isOver = false;
  const speak = startMicrophone(input, () => isOver);
  await pause(500 + 150 * index);
  const turns = [];
  for (let number = 1; number <= turnsPerCall && !closed; number += 1) {
    asked = number;
    const turn = { number, fromMs: performance.now(), attempts: 0, by };
    turns.push(turn);
    let isAnswered = false;
    for (let attempt = 1; attempt <= 2 && !isAnswered; attempt += 1) {
      turn.attempts = attempt;
      await speak();
      const endMs = performance.now();
      turn.endMs ??= endMs;
      for (;;) {
        await pause(20);
        const sinceMs = performance.now();
        const bursts = listener.between(endMs - 100, Number.POSITIVE_INFINITY);
        const last = listener.heard.at(-1);
        const isQuiet = !last || sinceMs - last.untilMs > 500;
        isAnswered = isQuiet && soundOf(bursts, pitchOf(number)) >= WHOLE_MS;
        const isToRepeat = isQuiet && soundOf(bursts, REPEAT_HZ) >= WHOLE_MS;
        if (isAnswered || isToRepeat || sinceMs - endMs > GIVEN_UP_MS) break;
      }
    }
    await pause(200);
    played += 1;
    if (played % 50 === 0) process.stderr.write(`${played} turns\n`);
  }
  isOver = true;
  observer.close();
  await session.close();
  const truths = emulator.responses();
  await emulator.close();
  return turns.map((turn, at) =>
    judge(turn, turns[at + 1]?.fromMs ?? Number.POSITIVE_INFINITY, { listener, records, errors, truths }),
  );
}

function judge(turn, toMs, { listener, records, errors, truths }) {
  const isIn = (atMs) => atMs >= turn.fromMs && atMs < toMs;
  const heard = listener.between(turn.fromMs, toMs).filter((burst) => !isPitch(burst, REPEAT_HZ));
  const right = heard.filter((burst) => isPitch(burst, pitchOf(turn.number)));
  const rightMs = soundOf(heard, pitchOf(turn.number));
  const own = records.filter(({ marks }) =>
    isIn(marks.turnEndReported ?? marks.speechEnded ?? marks.rescueStarted ?? -1),
  );
  const faults = truths
    .filter(({ turnEndedMs }) => turnEndedMs !== undefined && isIn(turnEndedMs))
    .map(({ fault }) => fault ?? 'none');
  const rescue = own.find((record) => record.rescue)?.rescue;
  const isReported =
    errors.some(isIn) ||
    own.some(({ outcome }) => ['failed', 'asked_again', 'cut_short', 'interrupted'].includes(outcome));
  return {
    by: turn.by,
    fault: faults[0] ?? 'no response',
    isDoubled: rightMs >= 2 * WHOLE_MS,
    isStale: heard.some((burst) => burst.soundMs > 100 && !isPitch(burst, pitchOf(turn.number))),
    isLost: rightMs < WHOLE_MS,
    isReported,
    isRescued: rescue !== undefined,
    reason: rescue?.reason,
    noticedMs: rescue?.afterMs,
    attempts: turn.attempts,
    gapMs: right[0] && right[0].atMs - turn.endMs,
    outcomes: own.map(({ outcome }) => outcome).join(),
    number: turn.number,
    heard: listener
      .between(turn.fromMs, toMs)
      .map(({ atMs, pitchHz, soundMs }) => [
        Math.round(atMs - turn.endMs),
        Math.round(pitchHz),
        Math.round(soundMs),
      ]),
  };
}

const quantile = (values_, share) => {
  const sorted = [...values_].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
};
const shown = (value) => (value === undefined ? '–' : String(Math.round(value)));

const all = (await Promise.all(Array.from({ length: calls }, (_, index) => runCall(index)))).flat();
const count = (of, some = all) => some.filter(of).length;
const silentBy = (by) => all.filter((turn) => turn.fault === 'silent-generation' && turn.by === by);
/** Answered without the caller having to speak again. The realtime model that is asked again has its faults again. */
const inTimeOf = (some) =>
  count(({ isLost, attempts, noticedMs }) => !isLost && attempts === 1 && noticedMs <= NOTICED_MS, some);
const bar = values.by === 'model' ? 'model' : 'cascade';
const silent = silentBy(bar);
const inTime = inTimeOf(silent);
const result = {
  turns: all.length,
  silent: silent.length,
  silentInTime: inTime,
  doubled: count(({ isDoubled }) => isDoubled),
  stale: count(({ isStale }) => isStale),
  lostReported: count(({ isLost, isReported }) => isLost && isReported),
  lostUnreported: count(({ isLost, isReported }) => isLost && !isReported),
  falseRescues: count(({ fault, isRescued }) => fault === 'none' && isRescued),
};
if (values.json) console.log(JSON.stringify({ ...result, all }));
else {
  console.log(`${all.length} turns, ${calls} calls at a time; times in ms`);
  console.log(
    'fault              by       turns  rescued  noticed p50  p95   gap p50   p95  lost  doubled  stale',
  );
  for (const fault of [...new Set(all.map((turn) => turn.fault))].sort()) {
    for (const by of ['cascade', 'model']) {
      const some = all.filter((turn) => turn.fault === fault && turn.by === by);
      if (some.length === 0) continue;
      const noticed = some.flatMap(({ noticedMs }) => noticedMs ?? []);
      const gaps = some.flatMap(({ gapMs }) => gapMs ?? []);
      console.log(
        [
          fault.padEnd(18),
          by.padEnd(8),
          String(some.length).padStart(5),
          String(count(({ isRescued }) => isRescued, some)).padStart(8),
          shown(quantile(noticed, 0.5)).padStart(12),
          shown(quantile(noticed, 0.95)).padStart(5),
          shown(quantile(gaps, 0.5)).padStart(9),
          shown(quantile(gaps, 0.95)).padStart(5),
          String(count(({ isLost }) => isLost, some)).padStart(5),
          String(count(({ isDoubled }) => isDoubled, some)).padStart(8),
          String(count(({ isStale }) => isStale, some)).padStart(6),
        ].join(' '),
      );
    }
  }
  for (const by of ['cascade', 'model'])
    console.log(
      `silent generations noticed within ${NOTICED_MS} ms and answered, by ${by}: ${inTimeOf(silentBy(by))} of ${silentBy(by).length}`,
    );
  console.log(
    `doubled ${result.doubled}, stale ${result.stale}, lost without a report ${result.lostUnreported}, lost and reported ${result.lostReported}`,
  );
  console.log(
    `healthy answers that were replaced: ${result.falseRescues} of ${count(({ fault }) => fault === 'none')}`,
  );
  for (const turn of all.filter((one) => one.attempts > 1))
    if (process.env.DETAILS) console.log(`  ${JSON.stringify(turn)}`);
  for (const turn of all.filter((one) => one.isDoubled || one.isStale || (one.isLost && !one.isReported)))
    console.log(`  ${JSON.stringify(turn)}`);
}
const isGood = result.doubled + result.stale + result.lostUnreported === 0 && inTime >= 0.95 * silent.length;
process.exit(isGood ? 0 : 1);
