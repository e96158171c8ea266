// Turns of a realtime model at real pace, through LiveKit's own plugin: is each injected latency in its own segment of the ledger?
// node bench/realtime-turns.mjs [--turns 100] [--calls 4] [--limit 15]
import { parseArgs } from 'node:util';
import { startRealtimeEmulator } from '@firstword/emulator/realtime';
import { PacedAudioOutput, PushAudioInput, SessionObserver } from '@firstword/livekit';
import { initializeLogger, voice } from '@livekit/agents';
import * as openai from '@livekit/agents-plugin-openai';

const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '100' },
    calls: { type: 'string', default: '4' },
    limit: { type: 'string', default: '15' },
  },
});
const calls = Number(values.calls);
const turnsPerCall = Math.ceil(Number(values.turns) / calls);
const limitMs = Number(values.limit);
const RATE_HZ = 24_000;
const FRAME = RATE_HZ / 50;
const SPEECH_MS = 1000;
const RTT_MS = 60;
const CREATED_MS = 40;
const LEADING_MS = 50;

initializeLogger({ pretty: false, level: 'silent' });
// LiveKit 1.9.0 leaves promises behind that are rejected without a reason.
process.on('unhandledRejection', (reason) => {
  if (reason !== undefined) throw reason;
});

/** A caller who speaks, waits for the answer, and speaks again. */
function startCaller(input, isOver) {
  const startMs = performance.now();
  let frame = 0;
  let speechLeft = 0;
  const push = () => {
    while (startMs + (frame + 1) * 20 <= performance.now()) {
      const samples = new Int16Array(FRAME);
      if (speechLeft > 0) {
        speechLeft -= 1;
        for (let i = 0; i < FRAME; i += 1) samples[i] = Math.round(8000 * Math.sin((frame * FRAME + i) / 12));
      }
      input.push(samples, startMs + frame * 20);
      frame += 1;
    }
    if (!isOver()) setTimeout(push, 4);
  };
  push();
  return () => {
    speechLeft = SPEECH_MS / 20;
  };
}

async function runCall(index) {
  const silenceMs = 300 + 100 * (index % 5);
  const emulator = await startRealtimeEmulator({
    seed: index + 1,
    rttMs: RTT_MS,
    answers: () => 'Yes, we are.',
    profile: {
      name: 'injected',
      model: 'injected',
      generation: { p50Ms: 350, p95Ms: 700, maxMs: 1500 },
      source: 'made up',
      createdMs: CREATED_MS,
      leadingSilenceMs: LEADING_MS,
      audioSpeed: 4,
      transcriptMs: 200,
      synthetic: true,
    },
  });
  const session = new voice.AgentSession({
    llm: new openai.realtime.RealtimeModel({
      apiKey: 'k',
      baseURL: emulator.url,
      turnDetection: { type: 'server_vad', silence_duration_ms: silenceMs },
    }),
    vad: null,
    aecWarmupDuration: null,
    turnHandling: { turnDetection: 'realtime_llm' },
  });
  const input = new PushAudioInput({ rateHz: RATE_HZ });
  session.input.audio = input;
  session.output.audio = new PacedAudioOutput({ sink: { play: () => {}, clear: () => {} } });
  const records = [];
  let next = () => {};
  const observer = new SessionObserver({
    session,
    callId: `call-${index}`,
    callStartMs: 0,
    onTurn: (record, final) => {
      if (!final) return;
      records.push(record);
      setTimeout(() => next(), 300);
    },
  });
  await session.start({ agent: new voice.Agent({ instructions: 'x' }) });
  let isOver = false;
  const speak = startCaller(input, () => isOver);
  await new Promise((resolve) => setTimeout(resolve, 500 + 150 * index));
  while (records.length < turnsPerCall) {
    const answered = new Promise((resolve) => {
      next = resolve;
    });
    speak();
    await answered;
  }
  isOver = true;
  observer.close();
  await session.close();
  const truths = emulator.responses();
  await emulator.close();
  return records.map((record, turn) => ({ record, truth: truths[turn] }));
}

/** Stalls of the event loop: a machine that is busy delays caller, provider and session alike. */
const STALL_MS = 15;
const stalls = [];
let tickMs = performance.now();
setInterval(() => {
  const nowMs = performance.now();
  if (nowMs - tickMs > 2 + STALL_MS) stalls.push({ fromMs: tickMs, toMs: nowMs });
  tickMs = nowMs;
}, 2).unref();

const all = (await Promise.all(Array.from({ length: calls }, (_, index) => runCall(index)))).flat();
const isStalled = ({ record: { marks } }) =>
  stalls.some(({ fromMs, toMs }) => toMs > marks.speechEnded - SPEECH_MS && fromMs < marks.firstAudible);
const turns = all.filter((turn) => !isStalled(turn));
const segmentMs = (record, name) => record.segments.find((one) => one.name === name)?.durationMs ?? 0;
const CHECKS = {
  'provider turn detection': ({ turnEndAudioMs, speechEndAudioMs }) => turnEndAudioMs - speechEndAudioMs,
  'provider round trip': () => RTT_MS,
  'response created': ({ createdMs, turnEndedMs }) => createdMs - turnEndedMs,
  'model first audio': ({ firstContentMs, createdMs }) => firstContentMs - createdMs,
  'leading silence': () => LEADING_MS,
};
const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
let failed = 0;
console.log(
  `${turns.length} turns, ${calls} calls at a time; difference of each segment from what was injected, ms`,
);
for (const [name, injected] of Object.entries(CHECKS)) {
  const off = turns
    .map(({ record, truth }) => Math.abs(segmentMs(record, name) - injected(truth)))
    .sort((a, b) => a - b);
  const p95 = quantile(off, 0.95);
  if (!(p95 <= limitMs)) failed += 1;
  console.log(
    `${name.padEnd(26)} p50 ${quantile(off, 0.5).toFixed(1)}  p95 ${p95.toFixed(1)}  max ${off.at(-1).toFixed(1)}`,
  );
}
const unaccounted = all.map(({ record }) =>
  record.segments
    .filter(({ owner }) => owner.kind === 'unaccounted')
    .reduce((sum, { durationMs }) => sum + durationMs, 0),
);
console.log(`unaccounted: max ${Math.max(...unaccounted).toFixed(1)} ms`);
const unanswered = all.filter(({ record }) => record.feltGapMs === undefined).length;
console.log(`turns without a gap: ${unanswered}`);
if (turns.length < all.length / 2) console.log('too many stalls: run it on an idle machine');
if (failed > 0 || unanswered > 0 || Math.max(...unaccounted) > 10) process.exitCode = 1;
process.exit();
