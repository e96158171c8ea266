// How long `firstword report` takes over a million turns, and how much memory. Turns are made first and not counted.
//   npm run bench:report -- [TURNS=1000000] [RUNS=1]
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeTurns } from './turns.mjs';

const TURNS = Number(process.argv[2] ?? 1_000_000);
const RUNS = Number(process.argv[3] ?? 1);
const CLI = fileURLToPath(new URL('../../cli/bin/firstword.js', import.meta.url));
const POLL_MS = 50;
/** Of /proc/PID/stat: clock ticks a second on Linux. */
const TICKS = 100;

/** What Linux says of a process while it runs: its highest resident memory, and its processor time. */
async function watch(pid, seen) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const peak = /VmHWM:\s+(\d+) kB/.exec(status);
  if (peak) seen.peakMB = Number(peak[1]) / 1024;
  const times = (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).split(') ')[1]?.split(' ');
  if (times) seen.cpuSeconds = (Number(times[11]) + Number(times[12])) / TICKS;
}

async function run(file) {
  const seen = {};
  const startedMs = performance.now();
  const child = spawn(process.execPath, [CLI, 'report', file, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const timer = setInterval(() => watch(child.pid, seen), POLL_MS);
  let json = '';
  child.stdout.setEncoding('utf8').on('data', (part) => {
    json += part;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`firstword report ended with ${code}`);
  const { turns, read, gap } = JSON.parse(json);
  if (turns !== TURNS || read.badLines !== 0) throw new Error(`${turns} turns, ${read.badLines} bad lines`);
  return { seconds: (performance.now() - startedMs) / 1000, ...seen, gap };
}

const dir = await mkdtemp(join(tmpdir(), 'firstword-bench-report-'));
try {
  const file = join(dir, 'turns.jsonl');
  console.log(`Writing ${TURNS} turns …`);
  await writeTurns(file, TURNS);
  const { size } = await stat(file);
  console.log(`${(size / 1e9).toFixed(2)} GB of turn records, start-up included in every run:`);
  for (let at = 0; at < RUNS; at += 1) {
    const { seconds, peakMB, cpuSeconds, gap } = await run(file);
    const cost =
      peakMB === undefined
        ? ''
        : `, ${cpuSeconds.toFixed(1)} s of processor time, ${Math.round(peakMB)} MB resident at the peak`;
    console.log(`${seconds.toFixed(1)} s${cost}; p95 ${Math.round(gap.p95.valueMs)} ms`);
  }
} finally {
  await rm(dir, { recursive: true, force: true });
}
