import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { FirstwordError } from '@firstword/turn';
import { readOptions } from '../read-options.js';
import { runToEnd } from '../run-to-end.js';
import type { BlockResult, FuzzBlock } from './block.js';
import { growing } from './growth.js';
import { randomOf } from './inputs.js';
import { FuzzPlan, type TargetProgress } from './progress.js';
import { startOf, writeProgress } from './progress-file.js';
import { FUZZ_TARGETS, targetOf } from './targets/index.js';
import { FuzzThread } from './thread.js';

const NAMES = FUZZ_TARGETS.map(({ name }) => name);
const HELP = `Reads random input with everything that reads text or bytes from outside. It fails if an input throws, gives a wrong result,
takes more than a second, or if memory grows; the input is then written to a file.
  npm run fuzz                              a million inputs, and whether time grows faster than the text
  npm run fuzz -- --inputs 10000000         number of inputs, the same for each target
  npm run fuzz -- --minutes 20              stop after this time
  npm run fuzz -- --progress fuzz.json      keep in a file what was read, and go on there next time
  npm run fuzz -- --target words,importers  only these: ${NAMES.join(', ')}, growth
  npm run fuzz -- --seed 7 --from 1234      other inputs; from which one on
  npm run fuzz -- --threads 1               threads (one for each core)
  npm run fuzz -- --out DIR                 folder for the input that failed (.)
Ctrl-C stops after the blocks that are being read, some two seconds; a second one stops at once.`;

const { values } = readOptions({
  options: {
    inputs: { type: 'string', default: '1000000' },
    minutes: { type: 'string' },
    progress: { type: 'string' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    threads: { type: 'string', default: String(availableParallelism()) },
    target: { type: 'string', default: '' },
    out: { type: 'string', default: '.' },
    help: { type: 'boolean', default: false },
  },
});

/** More memory than this after a collection is unbounded growth, MB. */
const MAX_GROWTH_MB = 64;
const REPORT_MS = 10_000;

/** A path of the command line, from the folder in which npm was started. */
const given = (path: string) => resolve(process.env.INIT_CWD ?? '.', path);

function reportFailure({ target, seed }: FuzzBlock, input: number, reason: string): void {
  const file = join(given(values.out), `fuzz-${target}-${seed}-${input}.json`);
  writeFileSync(file, JSON.stringify(targetOf(target).make(randomOf(seed, target, input))));
  console.log(`${target.padEnd(10)} FAILED: input ${input} of seed ${seed} (${file}): ${reason}`);
  console.log(`  again: npm run fuzz -- --target ${target} --seed ${seed} --from ${input} --inputs 1`);
  process.exitCode = 1;
}

/** A result that failed if memory has grown too much. */
function withGrowth(block: FuzzBlock, result: BlockResult, growthMb: number): BlockResult {
  if (!result.ok || growthMb <= MAX_GROWTH_MB) return result;
  return { ok: false, input: block.from, reason: `memory has grown by ${Math.round(growthMb)} MB` };
}

/** One thread: takes blocks until none is left or the run is to stop. */
async function readBlocks(plan: FuzzPlan, { isOver }: { isOver: () => boolean }): Promise<void> {
  const thread = new FuzzThread();
  try {
    for (let block = plan.next(); block; block = isOver() ? undefined : plan.next()) {
      const { result: read, growthMb } = await thread.read(block);
      const result = withGrowth(block, read, growthMb);
      plan.finish(block, result, growthMb);
      if (!result.ok) reportFailure(block, result.input, result.reason);
      if (values.progress) writeProgress(given(values.progress), plan.progress);
    }
  } finally {
    await thread.close();
  }
}

function reportTarget({ name, done, ms, slowestMs, slowest, growthMb }: TargetProgress, from: number): void {
  const rate = ms === 0 ? 0 : Math.round(((done - from) * 1_000) / ms);
  console.log(
    `${name.padEnd(10)} ${done - from} inputs, ${rate}/s a thread, slowest ${slowestMs.toFixed(1)} ms (input ${slowest}), memory ` +
      `${growthMb >= 0 ? '+' : ''}${growthMb.toFixed(1)} MB`,
  );
}

interface Run {
  names: readonly string[];
  seed: number;
  from: number;
  /** Inputs of each target. */
  count: number;
}

async function fuzz({ names, seed, from, count }: Run, signal: AbortSignal): Promise<void> {
  const targets = startOf(values.progress && given(values.progress), { names, seed, from });
  const plan = new FuzzPlan({ seed, targets, to: from + count });
  const startMs = performance.now();
  const before = targets.reduce((sum, { done }) => sum + done, 0);
  const minutes = values.minutes === undefined ? Number.POSITIVE_INFINITY : number('minutes');
  const isOver = () => signal.aborted || performance.now() - startMs > minutes * 60_000;
  const inputs = () => plan.progress.targets.reduce((sum, { done }) => sum + done, 0) - before;
  const report = setInterval(() => {
    const rate = Math.round((inputs() * 1_000) / (performance.now() - startMs));
    process.stderr.write(`${inputs()} inputs, ${rate}/s\n`);
  }, REPORT_MS);
  try {
    await Promise.all(Array.from({ length: number('threads') }, () => readBlocks(plan, { isOver })));
  } finally {
    clearInterval(report);
  }
  for (const target of plan.progress.targets) reportTarget(target, from);
  const seconds = (performance.now() - startMs) / 1_000;
  console.log(`${'all'.padEnd(10)} ${inputs()} inputs in ${Math.round(seconds)} s`);
}

function number(name: 'inputs' | 'seed' | 'from' | 'threads' | 'minutes'): number {
  const value = Number(values[name]);
  const isRight = name === 'minutes' ? value > 0 : Number.isSafeInteger(value) && value >= 0;
  const wanted = name === 'minutes' ? 'number above 0' : `whole number${name === 'threads' ? ' from 1' : ''}`;
  if (!isRight || (name === 'threads' && value === 0))
    throw new FirstwordError('bad_input', `--${name} takes a ${wanted}`);
  return value;
}

function reportGrowth(): void {
  const found = growing();
  const none = found.length === 0;
  console.log(`growth     ${none ? 'none faster than the text' : `FAILED\n  ${found.join('\n  ')}`}`);
  if (!none) process.exitCode = 1;
}

async function main(): Promise<void> {
  const wanted = values.target === '' ? [...NAMES, 'growth'] : values.target.split(',');
  const unknown = wanted.find((name) => name !== 'growth' && !NAMES.includes(name));
  if (unknown !== undefined)
    throw new FirstwordError('bad_input', `there is no target ${unknown}: see --help`);
  const names = NAMES.filter((name) => wanted.includes(name));
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort()).once('SIGTERM', () => stop.abort());
  if (names.length > 0) {
    const count = Math.ceil(number('inputs') / names.length);
    await fuzz({ names, seed: number('seed'), from: number('from'), count }, stop.signal);
  }
  if (stop.signal.aborted) throw new FirstwordError('aborted', 'stopped');
  if (wanted.includes('growth')) reportGrowth();
}

if (values.help) console.log(HELP);
else await runToEnd(main);
