// Turns of a realtime model at real pace, through LiveKit's own plugins: is each injected latency in its own segment of the ledger, and
// is the gap of the record that of a tape of both sides?
// node bench/realtime-turns.mjs [--wire openai|xai|gpt-live|gemini] [--turns 100] [--calls 4] [--limit 15]
//   [--stall 15] (turns in which the event loop stalled longer are left out, ms)
import { parseArgs } from 'node:util';
import { initializeLogger } from '@livekit/agents';
import { runCall, SPEECH_MS } from './realtime/call.mjs';
import { WIRES } from './realtime/wires.mjs';

const { values } = parseArgs({
  options: {
    wire: { type: 'string', default: 'openai' },
    turns: { type: 'string', default: '100' },
    calls: { type: 'string', default: '4' },
    limit: { type: 'string', default: '15' },
    stall: { type: 'string', default: '15' },
  },
});
const { wire } = values;
if (!Object.hasOwn(WIRES, wire)) {
  console.error(`--wire ${wire} is none of: ${Object.keys(WIRES).join(', ')}`);
  process.exit(2);
}
const calls = Math.min(Number(values.calls), Number(values.turns));
const turnsPerCall = Math.ceil(Number(values.turns) / calls);
const limitMs = Number(values.limit);
const TAPE_LIMIT_MS = 20;
const UNACCOUNTED_LIMIT_MS = 10;

initializeLogger({ pretty: false, level: 'silent' });
// LiveKit 1.9.0 leaves promises behind that are rejected without a reason.
process.on('unhandledRejection', (reason) => {
  if (reason !== undefined) throw reason;
});

/** Stalls of the event loop: a machine that is busy delays caller, provider and session alike. */
const STALL_MS = Number(values.stall);
const stalls = [];
let tickMs = performance.now();
setInterval(() => {
  const nowMs = performance.now();
  if (nowMs - tickMs > 2 + STALL_MS) stalls.push({ fromMs: tickMs, toMs: nowMs });
  tickMs = nowMs;
}, 2).unref();

const running = Array.from({ length: calls }, (_, index) => runCall(index, { wire, turns: turnsPerCall }));
const all = (await Promise.all(running)).flat();
const isStalled = ({ record: { marks } }) =>
  stalls.some(({ fromMs, toMs }) => toMs > marks.speechEnded - SPEECH_MS && fromMs < marks.firstAudible);
const answered = all.filter(({ record, truth, tape }) => record.feltGapMs !== undefined && truth && tape?.agentStartMs);
const turns = answered.filter((turn) => !isStalled(turn));
let failed = 0;

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
/** Prints the absolute differences, and counts it as a failure if the 95th percentile is above the limit. */
function report(name, differences, maxP95Ms) {
  const off = differences.map(Math.abs).sort((a, b) => a - b);
  const [p50, p95, max] = [quantile(off, 0.5), quantile(off, 0.95), off.at(-1)];
  if (!(p95 <= maxP95Ms)) failed += 1;
  const figures = [p50, p95, max].map((ms) => (ms ?? Number.NaN).toFixed(1));
  console.log(`${name.padEnd(38)} p50 ${figures[0]}  p95 ${figures[1]}  max ${figures[2]}  (limit ${maxP95Ms})`);
}

console.log(
  `${wire}: ${turns.length} turns, ${calls} calls at a time; difference of each segment from what was injected, ms`,
);
const segment = ({ record }, name) => record.segments.find((one) => one.name === name);
for (const [name, injected] of Object.entries(WIRES[wire].checks)) {
  report(
    name,
    turns.map((turn) => (segment(turn, name)?.durationMs ?? 0) - injected(turn)),
    limitMs,
  );
}
report(
  'record − tape',
  turns.map(({ record, tape }) => record.feltGapMs - (tape.agentStartMs - tape.callerEndMs)),
  TAPE_LIMIT_MS,
);
const unaccounted = all.map(({ record }) =>
  record.segments
    .filter(({ owner }) => owner.kind === 'unaccounted')
    .reduce((sum, { durationMs }) => sum + durationMs, 0),
);
const incomplete = answered.filter((turn) => Object.keys(WIRES[wire].checks).some((name) => !segment(turn, name)));
console.log(`unaccounted: max ${Math.max(...unaccounted).toFixed(1)} ms`);
console.log(`turns without a gap: ${all.length - answered.length}`);
console.log(`turns that lack a segment: ${incomplete.length}`);
console.log(`left out because the event loop stalled: ${answered.length - turns.length}`);
if (turns.length < all.length / 2) console.log('too many stalls: run it on an idle machine');
const isIncomplete = all.length > answered.length || incomplete.length > 0;
if (failed > 0 || isIncomplete || Math.max(...unaccounted) > UNACCOUNTED_LIMIT_MS) process.exitCode = 1;
process.exit();
