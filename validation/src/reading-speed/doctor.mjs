// Measures the time and memory of `firstword doctor` on a million turns and on one pasted line.
//   npm run bench:doctor-speed -- [TURNS=1000000] [LINES=10]
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '@firstword/turn/statistics';
import { costText, timed } from './timed.mjs';
import { writeTurns } from './turns.mjs';

const TURNS = Number(process.argv[2] ?? 1_000_000);
const LINES = Number(process.argv[3] ?? 10);
const FORUM = new URL('../../../packages/records/src/testing/livekit/forum.jsonl', import.meta.url);

const dir = await mkdtemp(join(tmpdir(), 'firstword-bench-doctor-'));
try {
  const line = (await readFile(FORUM, 'utf8')).trim();
  const seconds = [];
  for (let at = 0; at < LINES; at += 1) seconds.push((await timed(['doctor', line, '--json'])).seconds);
  console.log(
    `one line, including startup: median ${median(seconds).toFixed(2)} s, max ${Math.max(...seconds).toFixed(2)} s, n ${LINES}`,
  );

  const file = join(dir, 'turns.jsonl');
  console.log(`Writing ${TURNS} turns …`);
  await writeTurns(file, TURNS);
  const { size } = await stat(file);
  const run = await timed(['doctor', file, '--json']);
  const { seen, examined, read } = run.printed;
  if (seen.turns !== TURNS || read.badLines !== 0)
    throw new Error(`${seen.turns} turns, ${read.badLines} bad lines`);
  console.log(
    `${TURNS} turns, ${(size / 1e9).toFixed(2)} GB: ${costText(run)}; ${examined.turns} turns examined in detail`,
  );
} finally {
  await rm(dir, { recursive: true, force: true });
}
