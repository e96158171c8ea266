import { REALTIME_WIRES } from '@firstword/emulator/realtime';
import { readOptions } from '../read-options.js';
import { GENERATION, measuredWire, type WireResult } from './measured-wire.js';

const HELP = `Checks what firstword bench says of realtime models against what the emulated wires did.

  npm run bench:realtime-targets -- [options]

The bench's own probe plays lines at real pace to each emulated wire, through LiveKit's plugin, a session for each line. The emulator
tells when it sent the first audio of each answer, and draws from a known distribution (p50 ${GENERATION.p50Ms} ms, p95 ${GENERATION.p95Ms} ms).

  --wire NAME    one of ${REALTIME_WIRES.join(', ')} (default: all)
  --turns N      lines at each wire (default 100: five minutes each)
  --pace N       lines per second (default 0.5)
  --seed N       (default 1)
  --json         print the figures as JSON
  --help

Exit codes: 0 the first audio is off by at most 15 ms at p95, and each percentile's interval holds the true value; 1 it does not.`;

/** Largest difference from the emulator's own times at p95, ms. */
const LIMIT_MS = 15;

const { values } = readOptions({
  options: {
    wire: { type: 'string' },
    turns: { type: 'string', default: '100' },
    pace: { type: 'string', default: '0.5' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const wires = REALTIME_WIRES.filter((wire) => values.wire === undefined || wire === values.wire);
const [turns, pace, seed] = [values.turns, values.pace, values.seed].map(Number) as [number, number, number];
if (wires.length === 0 || !(Number.isInteger(turns) && turns > 0 && pace > 0 && Number.isInteger(seed))) {
  console.error(`Expected a known wire and positive numbers.\n\n${HELP}`);
  process.exit(2);
}

const isGood = ({ turns: measured, failures, offP95Ms, percentiles }: WireResult) =>
  measured > 0 && failures === 0 && offP95Ms <= LIMIT_MS && percentiles.every(({ isHeld }) => isHeld);

const results: WireResult[] = [];
for (const wire of wires) {
  const result = await measuredWire({ wire, turns, pace, seed });
  results.push(result);
  if (values.json) continue;
  const { offP50Ms, offP95Ms, failures, contaminated, connectionP50Ms, sessionP50Ms, percentiles } = result;
  console.log(
    `${wire}: ${result.turns} lines, ${failures} failed, ${contaminated} contaminated by load; connection p50 ${connectionP50Ms} ms, session p50 ${sessionP50Ms} ms`,
  );
  console.log(
    `  first audio − sent by the emulator: p50 ${offP50Ms} ms, p95 ${offP95Ms} ms (limit ${LIMIT_MS})`,
  );
  for (const { percent, trueMs, valueMs, interval, isHeld } of percentiles)
    console.log(
      `  generation p${percent}: ${valueMs} ms (${interval}), true ${trueMs} ms: ${isHeld ? 'held' : 'NOT held'}`,
    );
}
if (values.json) console.log(JSON.stringify(results));
process.exit(results.every(isGood) ? 0 : 1);
