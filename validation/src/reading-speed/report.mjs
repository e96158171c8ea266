// Measures the time and memory of `firstword report` on a million turns. Generating the turns is not included.
//   npm run bench:report -- [TURNS=1000000] [RUNS=1]
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { costText, timed } from './timed.mjs';
import { writeTurns } from './turns.mjs';

const TURNS = Number(process.argv[2] ?? 1_000_000);
const RUNS = Number(process.argv[3] ?? 1);
if (![TURNS, RUNS].every((count) => Number.isInteger(count) && count > 0)) {
  console.error('Usage (whole numbers): npm run bench:report -- [TURNS=1000000] [RUNS=1]');
  process.exit(2);
}

const dir = await mkdtemp(join(tmpdir(), 'firstword-bench-report-'));
try {
  const file = join(dir, 'turns.jsonl');
  console.log(`Writing ${TURNS} turns …`);
  await writeTurns(file, TURNS);
  const { size } = await stat(file);
  console.log(`${(size / 1e9).toFixed(2)} GB of turn records; every run includes startup:`);
  for (let at = 0; at < RUNS; at += 1) {
    const run = await timed(['report', file, '--json']);
    const { turns, read, gap } = run.printed;
    if (turns !== TURNS || read.badLines !== 0) throw new Error(`${turns} turns, ${read.badLines} bad lines`);
    console.log(`${costText(run)}; p95 ${Math.round(gap.p95.valueMs)} ms`);
  }
} finally {
  await rm(dir, { recursive: true, force: true });
}
