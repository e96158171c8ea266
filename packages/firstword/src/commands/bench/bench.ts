import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  type BenchPlan,
  type EmulatorProcess,
  estimateRun,
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
import { parseFault } from '../emulate/faults.js';
import type { BenchOptions } from './options.js';
import { readPlan } from './read-plan.js';
import { resultInputs, showResults } from './results.js';
import { repeatedly } from './scheduled.js';
import { BenchScreen, planText } from './screen.js';

const FOLDER = join('firstword-out', 'bench');

/** Where a run goes that was given no place: named after the moment, so that none hides another. */
const placeNow = () => join(FOLDER, `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}Z.json`);

/** What is to be measured, and where it goes. */
interface Task {
  plan: BenchPlan;
  file: string;
  pricesFile?: string;
  resume?: UnfinishedRun;
}

async function resumed(file: string, options: BenchOptions): Promise<Task> {
  if (options.targets.length > 0) {
    throw new FirstwordError(
      'bad_input',
      '--resume goes on with what the run was for: name no targets beside it.',
    );
  }
  const resume = await readUnfinishedRun(file);
  const budget = options.budget === undefined ? resume.header.plan.budget : parseRunBudget(options.budget);
  const pricesFile = options.prices ?? resume.header.prices.file;
  return {
    plan: { ...resume.header.plan, budget },
    file,
    resume,
    ...(pricesFile === undefined ? {} : { pricesFile }),
  };
}

async function taskOf(options: BenchOptions): Promise<Task> {
  if (options.resume !== undefined) return resumed(options.resume, options);
  return {
    plan: readPlan(options),
    file: options.out ?? placeNow(),
    ...(options.prices === undefined ? {} : { pricesFile: options.prices }),
  };
}

async function emulatorFor({ plan }: Task): Promise<EmulatorProcess | undefined> {
  if (!plan.emulator) return undefined;
  const { rttMs, faults } = plan.emulator;
  const rules = faults.map(parseFault);
  // Where opening a connection is measured, all of it is there to be measured.
  const tls = plan.modes.some(({ mode }) => mode !== 'warm');
  return startEmulatorProcess({
    seed: plan.seed,
    faults: { rules },
    tls,
    ...(rttMs > 0 ? { network: { rttMs } } : {}),
  });
}

/** @throws FirstwordError where a run cannot be kept, or would take the place of one that is not over */
async function checkPlace({ file, resume }: Task): Promise<void> {
  const part = journalPath(file);
  if (!resume && existsSync(part)) {
    const message = `${file} is being measured, or was and never ended: go on with it (firstword bench --resume ${file}), choose another --out, or remove ${part}`;
    throw new FirstwordError('bad_input', message);
  }
  try {
    await mkdir(dirname(resolve(file)), { recursive: true });
  } catch (cause) {
    const message = `the run cannot be kept in ${file}: choose another place with --out`;
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
  const screen = new BenchScreen({ prepared, open: open.length, durationMs });
  try {
    return await measureRun({
      prepared,
      file,
      version,
      signal,
      ...(resume ? { resume } : {}),
      ...(emulator ? { emulator } : {}),
      ...(bench.region === undefined ? {} : { region: bench.region }),
      onSample: (sample) => screen.sample(sample),
      onTargetAbandoned: (abandoned) => screen.abandoned(abandoned),
      onWriteFailure,
    });
  } finally {
    screen.clear();
    emulator?.close();
  }
}

/** A run that answers nothing that was asked is a failure, however well it was kept. */
function failed({ partial, samples }: RunFile): boolean {
  const answered = samples.some(({ warmUp, error }) => !warmUp && !error);
  return partial?.reason === 'targets-failed' || partial?.reason === 'unwritable' || !answered;
}

async function runOnce(
  options: BenchOptions,
  { version, signal }: { version: string; signal: AbortSignal },
): Promise<void> {
  const inputs = await resultInputs(options, { signal });
  const task = await taskOf(options);
  const { plan, pricesFile, resume, file } = task;
  const prepared = await prepareRun(plan, { signal, ...(pricesFile === undefined ? {} : { pricesFile }) });
  const open = pendingRequests(prepared, resume);
  const estimate = estimateRun(prepared, open);
  const used = resume?.used;
  process.stderr.write(`${planText(prepared, { estimate, file, ...(used ? { used } : {}) })}\n\n`);
  if (options.dryRun) return;
  await checkPlace(task);
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

/** A run that was kept, measured no more. */
async function showKept(file: string, options: BenchOptions, signal: AbortSignal): Promise<void> {
  if (options.targets.length > 0 || options.resume !== undefined) {
    throw new FirstwordError(
      'bad_input',
      '--show measures nothing: name no targets and no --resume beside it.',
    );
  }
  const inputs = await resultInputs(options, { signal });
  await showResults(await readRun(file), { bench: options, inputs, file });
}

/** `firstword bench`. */
export async function bench(options: BenchOptions, { version }: CommandContext): Promise<void> {
  const signal = stopSignal();
  if (options.show !== undefined) return showKept(options.show, options, signal);
  const once = () => runOnce(options, { version, signal });
  if (options.every === undefined) await once();
  else await repeatedly(once, { everyMs: options.every, times: options.times, out: options.out, signal });
  if (signal.aborted) process.exitCode = 130;
}
