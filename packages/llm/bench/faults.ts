import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchFigure } from './figures.js';
import { type Bench, type BenchRun, Unavailable } from './run.js';

/** LiveKit may not be imported here, so the comparison with its FallbackAdapter is a command of the package that may. */
const WORKSPACE = fileURLToPath(new URL('../../../../validation/', import.meta.url));

interface Row {
  arm: string;
  trials: number;
  inTime: number;
}

/** The rows that the command writes with `--json`. */
async function compare(seeds: number, signal: AbortSignal): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'firstword-bench-'));
  const file = join(folder, 'faults.json');
  try {
    const flags = ['run', '--silent', 'bench:fallback', '--', '--seeds', String(seeds), '--json', file];
    const child = spawn('npm', flags, {
      cwd: WORKSPACE,
      stdio: ['ignore', 'inherit', 'inherit'],
      signal,
      shell: process.platform === 'win32',
    });
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    if (code !== 0) throw new Error(`npm run bench:fallback ended with code ${code}`);
    return (JSON.parse(await readFile(file, 'utf8')) as { rows: Row[] }).rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runFaults(run: BenchRun): Promise<BenchFigure[]> {
  if (!existsSync(join(WORKSPACE, 'package.json'))) throw new Unavailable('validation is not here');
  const rows = await compare(run.quick ? 1 : 4, run.signal);
  return [...new Set(rows.map(({ arm }) => arm))].map((arm, i) => {
    const mine = rows.filter((row) => row.arm === arm);
    const n = mine.reduce((sum, { trials }) => sum + trials, 0);
    const inTime = mine.reduce((sum, row) => sum + row.inTime, 0);
    return {
      name: `${arm}, not answered in time`,
      // The first arm is ours; the other is shown.
      ...(i === 0 ? { target: 0 } : {}),
      measured: { value: (100 * (n - inTime)) / n },
      unit: '%',
      digits: 1,
      n,
      note: `${mine.length} faults`,
    };
  });
}

/** The router and LiveKit's FallbackAdapter with a faulty primary. */
export const faults: Bench = {
  about: 'a faulty primary, through the router and through LiveKit’s llm.FallbackAdapter',
  seconds: [95, 26],
  run: runFaults,
};
