// Reads mutated recorded streams of all wires: `npm run fuzz -w @firstword/llm -- --inputs 1000000 --seed 7`.
// Exits with 1 if an input is read wrongly, takes more than a second, or if memory grows.
import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { fuzzOne } from '../dist/testing/fuzz-streams.js';

const MAX_INPUT_MS = 1_000;
/** The watchdog waits longer: on a busy machine the worker itself may be halted for a second. */
const MAX_HALT_MS = 20_000;
const MAX_GROWTH_MB = 16;

const RECORDED = new URL('../src/testing/recorded/', import.meta.url);
const PROVIDER_OF = { 'gemini-3': 'gemini', 'llama-cpp': 'llama.cpp', 'openai-tools': 'openai' };

function loadSamples() {
  const names = readdirSync(RECORDED).filter((name) => name.endsWith('.sse'));
  return names.map((name) => {
    const stem = name.slice(0, -'.sse'.length);
    return { provider: PROVIDER_OF[stem] ?? stem, bytes: readFileSync(new URL(name, RECORDED)) };
  });
}

const heapMb = () => {
  globalThis.gc();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

/** The shortest of three readings: the machine may have been busy during one. */
function slowMs(samples, which) {
  const times = [1, 2, 3].map(() => {
    const startedMs = performance.now();
    fuzzOne(samples, which);
    return performance.now() - startedMs;
  });
  return Math.min(...times);
}

function work({ inputs, from, seed, state }) {
  const samples = loadSamples();
  const outcomes = {};
  const heapsMb = [];
  for (let index = from; index < from + inputs; index += 1) {
    state[0] = index;
    const startedMs = performance.now();
    try {
      const outcome = fuzzOne(samples, { seed, index });
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    } catch (error) {
      return { index, problem: `${error?.stack ?? error}` };
    }
    if (performance.now() - startedMs > MAX_INPUT_MS && slowMs(samples, { seed, index }) > MAX_INPUT_MS)
      return { index, problem: `it took more than ${MAX_INPUT_MS} ms` };
    if ((index - from + 1) % Math.ceil(inputs / 5) === 0) heapsMb.push(heapMb());
  }
  return { outcomes, heapsMb };
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      inputs: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
    },
  });
  const read = (name) => {
    const value = Number(values[name]);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    console.error(`--${name} must be a whole number`);
    process.exit(2);
  };
  return { inputs: read('inputs'), seed: read('seed'), from: read('from') };
}

function fail(seed, index, problem) {
  console.error(`input ${index} of seed ${seed}: ${problem}`);
  console.error(`repeat: npm run fuzz -w @firstword/llm -- --seed ${seed} --from ${index} --inputs 1`);
  process.exit(1);
}

function report({ outcomes, heapsMb }, { inputs, seed }, seconds) {
  const counts = Object.entries(outcomes).sort(([, a], [, b]) => b - a);
  const rate = Math.round(inputs / seconds);
  console.log(`seed ${seed}: ${inputs} inputs in ${seconds.toFixed(1)} s, ${rate} inputs/s`);
  for (const [outcome, count] of counts) console.log(`  ${outcome.padEnd(22)} ${count}`);
  console.log(`  heap after each fifth  ${heapsMb.map((mb) => mb.toFixed(1)).join('  ')} MB`);
  const grownMb = (heapsMb.at(-1) ?? 0) - (heapsMb[0] ?? 0);
  if (grownMb > MAX_GROWTH_MB) {
    console.error(`memory grew by ${grownMb.toFixed(1)} MB`);
    process.exitCode = 1;
  }
}

function main() {
  const options = readOptions();
  const state = new Int32Array(new SharedArrayBuffer(4));
  const startedMs = performance.now();
  const worker = new Worker(new URL(import.meta.url), { workerData: { ...options, state } });
  let last = { index: -1, sinceMs: startedMs };
  // An input that never ends blocks its thread: only another one can tell which it is.
  const watchdog = setInterval(() => {
    const nowMs = performance.now();
    if (state[0] !== last.index) last = { index: state[0], sinceMs: nowMs };
    else if (nowMs - last.sinceMs > MAX_HALT_MS) fail(options.seed, last.index, 'it does not end');
  }, 500);
  worker.on('message', (result) => {
    clearInterval(watchdog);
    if (result.problem) fail(options.seed, result.index, result.problem);
    report(result, options, (performance.now() - startedMs) / 1_000);
  });
  worker.on('error', (error) => fail(options.seed, state[0], String(error)));
}

if (isMainThread) main();
else parentPort.postMessage(work(workerData));
