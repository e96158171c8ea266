import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { FirstwordError } from '@firstword/turn';
import { readOptions } from '../read-options.js';
import { runToEnd } from '../run-to-end.js';
import { growing } from './growth.js';
import { randomOf } from './inputs.js';
import { FUZZ_TARGETS, type FuzzTarget } from './targets.js';
import type { FuzzJob, FuzzResult } from './worker.js';

const HELP = `Reads random text with everything that reads text from outside. It fails if an input throws, gives a wrong result, takes
more than a second, or if memory grows; the input is then written to a file.
  npm run fuzz                              a million inputs, and whether time grows faster than the text
  npm run fuzz -- --inputs 10000000         number of inputs, over all targets
  npm run fuzz -- --target words,importers  only these: ${FUZZ_TARGETS.map(({ name }) => name).join(', ')}, wires, growth
  npm run fuzz -- --seed 7 --from 1234      other inputs; from which one on
  npm run fuzz -- --out DIR                 folder for the input that failed (.)`;

const { values } = readOptions({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    target: { type: 'string', default: '' },
    out: { type: 'string', default: '.' },
    help: { type: 'boolean', default: false },
  },
});

/** An input that has not been read after this time never ends, ms. Long enough for a machine with other load. */
const HANG_MS = 20_000;

/** Runs a job in a thread, so that an endless loop can be ended. */
function run(job: FuzzJob): Promise<FuzzResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: job });
    let last = -1;
    const watch = setInterval(() => {
      const input = Atomics.load(job.at, 0);
      if (input === last) finish({ ok: false, input, reason: `did not end within ${HANG_MS / 1000} s` });
      last = input;
    }, HANG_MS);
    const finish = (result: FuzzResult) => {
      clearInterval(watch);
      void worker.terminate();
      resolve(result);
    };
    worker.on('message', finish);
    worker.on('error', (error) => {
      clearInterval(watch);
      // Out of memory, or an error outside of the target.
      const input = Atomics.load(job.at, 0);
      if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
        finish({ ok: false, input, reason: error.message });
      else reject(error);
    });
  });
}

async function fuzz(
  target: FuzzTarget,
  { seed, from, count }: { seed: number; from: number; count: number },
) {
  const at = new Int32Array(new SharedArrayBuffer(4));
  const result = await run({ target: target.name, seed, from, count, at });
  if (result.ok) {
    const { inputs, ms, slowestMs, slowest, heapGrowthMb } = result;
    const rate = Math.round(inputs / (ms / 1000));
    console.log(
      `${target.name.padEnd(10)} ${inputs} inputs, ${rate}/s, slowest ${slowestMs.toFixed(1)} ms (input ${slowest}), memory ${heapGrowthMb >= 0 ? '+' : ''}${heapGrowthMb.toFixed(1)} MB`,
    );
    return;
  }
  const { input, reason } = result;
  const file = `${values.out}/fuzz-${target.name}-${seed}-${input}.json`;
  writeFileSync(file, JSON.stringify(target.make(randomOf(seed, target.name, input))));
  console.log(`${target.name.padEnd(10)} FAILED: input ${input} of seed ${seed} (${file}): ${reason}`);
  console.log(`  again: npm run fuzz -- --target ${target.name} --seed ${seed} --from ${input} --inputs 1`);
  process.exitCode = 1;
}

/** The readers of LLM streams have a fuzzer of their own, in their package. */
const WIRES = fileURLToPath(new URL('../../../packages/llm/bench/fuzz.mjs', import.meta.url));

async function fuzzWires({ seed, count }: { seed: number; count: number }): Promise<void> {
  const options = ['--inputs', String(count), '--seed', String(seed)];
  const child = spawn(process.execPath, ['--expose-gc', WIRES, ...options], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exitCode = 1;
}

const OTHERS: readonly string[] = ['wires', 'growth'];

function wholeNumber(name: 'inputs' | 'seed' | 'from'): number {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 0)
    throw new FirstwordError('bad_input', `--${name} takes a whole number`);
  return number;
}

async function main(): Promise<void> {
  const wanted = values.target === '' ? undefined : values.target.split(',');
  const unknown = wanted?.find(
    (name) => !OTHERS.includes(name) && !FUZZ_TARGETS.some((one) => one.name === name),
  );
  if (unknown !== undefined)
    throw new FirstwordError('bad_input', `there is no target ${unknown}: see --help`);
  const targets = FUZZ_TARGETS.filter(({ name }) => !wanted || wanted.includes(name));
  const job = { seed: wholeNumber('seed'), from: wholeNumber('from') };
  const hasWires = existsSync(WIRES) && (!wanted || wanted.includes('wires'));
  const count = Math.ceil(wholeNumber('inputs') / Math.max(1, targets.length + Number(hasWires)));
  for (const target of targets) await fuzz(target, { ...job, count });
  if (hasWires) await fuzzWires({ ...job, count });
  if (wanted && !wanted.includes('growth')) return;
  const found = growing();
  console.log(
    `growth     ${found.length === 0 ? 'none faster than the text' : `FAILED\n  ${found.join('\n  ')}`}`,
  );
  if (found.length > 0) process.exitCode = 1;
}

if (values.help) console.log(HELP);
else await runToEnd(main);
