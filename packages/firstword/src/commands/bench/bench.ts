import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  type BenchPlan,
  type EmulatorProcess,
  estimateRun,
  isSpeechTarget,
  journalPath,
  measureRun,
  type PreparedRun,
  parseRunBudget,
  pendingRequests,
  prepareRun,
  type RunFile,
  readRun,
  readUnfinishedRun,
  startEmulatorProcess,
  type UnfinishedRun,
} from '@firstword/provider-bench';
import { FirstwordError } from '@firstword/turn';
import { stopSignal } from '../../stop-signal.js';
import type { CommandContext } from '../command.js';
import { llmFaults } from '../emulate/faults.js';
import type { BenchOptions } from './options.js';
import { readPlan } from './read-plan.js';
import { runRepeatedly } from './repeat.js';
import { resultInputs, showResults } from './results.js';
import { BenchScreen, planText } from './screen.js';
import type { BenchLine } from './speech.js';

const FOLDER = join('firstword-out', 'bench');

/** File of a run without `--out`, named after the current time so that no run overwrites another. */
const defaultOutPath = () =>
  join(FOLDER, `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}Z.json`);

/** What to measure, and the file to write. */
interface Task {
  plan: BenchPlan;
  file: string;
  pricesFile?: string;
  /** Of a run with speech engines or realtime models. */
  line?: BenchLine;
  resume?: UnfinishedRun;
}

/** Loads LiveKit and the embedded speech, which only what hears or speaks needs. */
const speechModule = () => import('./speech.js');

async function resumeTask(file: string, options: BenchOptions, signal: AbortSignal): Promise<Task> {
  if (options.targets.length > 0) {
    throw new FirstwordError('bad_input', '--resume continues with the targets of the run: give no targets.');
  }
  const resume = await readUnfinishedRun(file);
  const budget = options.budget === undefined ? resume.header.plan.budget : parseRunBudget(options.budget);
  const pricesFile = options.prices ?? resume.header.prices.file;
  const { speech } = resume.header.plan;
  const line = speech && (await (await speechModule()).benchLine({ ...speech, signal }));
  return {
    plan: { ...resume.header.plan, budget },
    file,
    resume,
    ...(pricesFile === undefined ? {} : { pricesFile }),
    ...(line ? { line } : {}),
  };
}

async function taskOf(options: BenchOptions, signal: AbortSignal): Promise<Task> {
  if (options.resume !== undefined) return resumeTask(options.resume, options, signal);
  const plan = readPlan(options);
  const line = options.targets.some(isSpeechTarget)
    ? await (await speechModule()).benchLine({ text: options.line, audioFile: options.audio, signal })
    : undefined;
  return {
    plan: { ...plan, ...(line ? { speech: line.speech } : {}) },
    ...(line ? { line } : {}),
    file: options.out ?? defaultOutPath(),
    ...(options.prices === undefined ? {} : { pricesFile: options.prices }),
  };
}

async function emulatorFor({ plan }: Task): Promise<EmulatorProcess | undefined> {
  if (!plan.emulator) return undefined;
  const { rttMs, faults } = plan.emulator;
  const rules = faults.map(llmFaults.parse);
  // When connection set-up is measured, TLS must be part of it.
  const tls = plan.modes.some(({ mode }) => mode !== 'warm');
  return startEmulatorProcess({
    seed: plan.seed,
    faults: { rules },
    tls,
    ...(rttMs > 0 ? { network: { rttMs } } : {}),
  });
}

/** @throws FirstwordError if the run cannot be written, or would overwrite an unfinished run */
async function checkOutPath({ file, resume }: Task): Promise<void> {
  const part = journalPath(file);
  if (!resume && existsSync(part)) {
    const message = `${file} belongs to a run that is in progress or was interrupted: continue it (firstword bench --resume ${file}), choose another --out, or remove ${part}`;
    throw new FirstwordError('bad_input', message);
  }
  try {
    await mkdir(dirname(resolve(file)), { recursive: true, mode: 0o700 });
  } catch (cause) {
    const message = `the run cannot be written to ${file}: choose another file with --out`;
    throw new FirstwordError('unwritable', message, { cause });
  }
}

async function measure(
  task: Task,
  prepared: PreparedRun,
  options: {
    bench: BenchOptions;
    version: string;
    signal: AbortSignal;
    onWriteFailure: (error: FirstwordError) => void;
  },
): Promise<RunFile> {
  const { file, resume } = task;
  const { bench, version, signal, onWriteFailure } = options;
  const open = pendingRequests(prepared, resume);
  const { durationMs } = estimateRun(prepared, open);
  const emulator = await emulatorFor(task);
  const speech = task.line && (await (await speechModule()).openSpeech(prepared.plan, task.line));
  const screen = new BenchScreen({ prepared, open: open.length, durationMs });
  try {
    return await measureRun({
      prepared,
      file,
      version,
      signal,
      ...(resume ? { resume } : {}),
      ...(emulator ? { emulator } : {}),
      ...(speech ? { openProbe: speech.openProbe } : {}),
      ...(bench.region === undefined ? {} : { region: bench.region }),
      onSample: (sample) => screen.sample(sample),
      onTargetAbandoned: (abandoned) => screen.abandoned(abandoned),
      onWriteFailure,
    });
  } finally {
    screen.clear();
    emulator?.close();
    speech?.close();
  }
}

/** A run without any answered request is a failure, even if it was saved. */
function failed({ partial, samples }: RunFile): boolean {
  const answered = samples.some(({ warmUp, error }) => !warmUp && !error);
  return partial?.reason === 'targets-failed' || partial?.reason === 'unwritable' || !answered;
}

async function runOnce(
  options: BenchOptions,
  { version, signal }: { version: string; signal: AbortSignal },
): Promise<void> {
  const inputs = await resultInputs(options, { signal });
  const task = await taskOf(options, signal);
  const { plan, pricesFile, resume, file } = task;
  const prepared = await prepareRun(plan, { signal, ...(pricesFile === undefined ? {} : { pricesFile }) });
  const open = pendingRequests(prepared, resume);
  const estimate = estimateRun(prepared, open);
  const used = resume?.used;
  process.stderr.write(`${planText(prepared, { estimate, file, ...(used ? { used } : {}) })}\n\n`);
  if (options.dryRun) return;
  await checkOutPath(task);
  let writeFailure: FirstwordError | undefined;
  const run = await measure(task, prepared, {
    bench: options,
    version,
    signal,
    onWriteFailure: (error) => {
      writeFailure = error;
    },
  });
  await showResults(run, { bench: options, inputs, file });
  if (writeFailure) throw writeFailure;
  if (failed(run)) process.exitCode = 1;
}

/** Shows a saved run without measuring. */
async function showSavedRun(file: string, options: BenchOptions, signal: AbortSignal): Promise<void> {
  if (options.targets.length > 0 || options.resume !== undefined) {
    throw new FirstwordError('bad_input', '--show measures nothing: give no targets and no --resume.');
  }
  const inputs = await resultInputs(options, { signal });
  await showResults(await readRun(file), { bench: options, inputs, file });
}

/** `firstword bench`. */
export async function bench(options: BenchOptions, { version }: CommandContext): Promise<void> {
  const signal = stopSignal();
  if (options.show !== undefined) return showSavedRun(options.show, options, signal);
  const once = () => runOnce(options, { version, signal });
  if (options.every === undefined) await once();
  else await runRepeatedly(once, { everyMs: options.every, times: options.times, out: options.out, signal });
}
