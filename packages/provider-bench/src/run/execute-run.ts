import { type Clock, type FirstwordError, isFirstwordError, systemClock } from '@firstword/turn';
import { BudgetTracker, type ResourceUse } from '../budget/budget.js';
import { machineInfo } from '../machine/info.js';
import { MachineMonitor } from '../machine/monitor.js';
import { RUN_SCHEMA, type RunFile, type RunHeader } from '../run-file.js';
import type { BenchArm, BenchSample } from '../sample.js';
import { deleteJournal, type Journal, journalPath, openJournal } from '../store/journal.js';
import { writeRun } from '../store/run-store.js';
import { type EmulatorAddress, ModelFactory } from '../targets/model-factory.js';
import { LlmClient } from './llm-client.js';
import { MixedClient } from './mixed-client.js';
import type { PlanClient } from './plan-client.js';
import type { PreparedRun } from './prepare.js';
import { type AbandonedTarget, type RunEnd, runPlan } from './run-plan.js';
import { type OpenSpeechProbe, SpeechClient } from './speech-client.js';
import { isPermanentFailure } from './target-health.js';
import { leadMs, shiftedTo } from './timetable.js';

/** An incomplete run that can be resumed. */
export interface UnfinishedRun {
  header: RunHeader;
  samples: readonly BenchSample[];
  used: ResourceUse;
}

/** Options of `executeRun` and `measureRun`. */
export interface ExecuteRunOptions {
  prepared: PreparedRun;
  /** Output file (`FILE.json`). During the run the samples are in `FILE.json.part`. */
  file: string;
  /** Version of Firstword. */
  version: string;
  /** Location of this machine, recorded in the run. */
  region?: string;
  /** Plays the emulated targets; required where there are any. */
  emulator?: EmulatorAddress;
  /** Opens the speech engines and realtime models; required where there are any. */
  openProbe?: OpenSpeechProbe;
  /** Environment with the API keys; default `process.env`. */
  env?: Record<string, string | undefined>;
  /** The incomplete run to resume. Its samples are kept, and only the remaining requests are sent. */
  resume?: UnfinishedRun;
  clock?: Clock;
  monitor?: MachineMonitor;
  signal: AbortSignal;
  onSample?: (sample: BenchSample) => void;
  onTargetAbandoned?: (abandoned: AbandonedTarget) => void;
  /**
   * Called when the run cannot be written, for example because the disk is full. No further request is sent, and the
   * promise still resolves with what was measured. Without this callback `executeRun` rejects with the error.
   */
  onWriteFailure?: (error: FirstwordError) => void;
}

/** The samples that a resumed run keeps. Requests that failed permanently (wrong key or model name) are sent again. */
export function reusableSamples({ samples }: Pick<UnfinishedRun, 'samples'>): BenchSample[] {
  return samples.filter(({ error }) => error === undefined || !isPermanentFailure(error.kind));
}

/** The requests that still have to be sent. */
export function pendingRequests(
  prepared: PreparedRun,
  resume: UnfinishedRun | undefined,
): PreparedRun['requests'] {
  const done = new Set(resume ? reusableSamples(resume).map(({ index }) => index) : []);
  return prepared.requests.filter(({ index }) => !done.has(index));
}

function partialOf(
  end: RunEnd,
  file: string,
  state: { done: number; planned: number; writeFailure: boolean },
): RunFile['partial'] {
  const { done, planned, writeFailure } = state;
  const soFar = `${done} of ${planned} requests`;
  const again = `firstword bench --resume ${file}`;
  if (writeFailure) {
    const message = `Samples could no longer be written after ${soFar}. Free some disk space, then resume with: ${again}`;
    return { reason: 'unwritable', message };
  }
  if (end.stoppedBy === 'signal') {
    return { reason: 'stopped', message: `Stopped after ${soFar}. Resume with: ${again}` };
  }
  if (end.stoppedBy === 'budget') {
    const message = `The budget was used up after ${soFar}. Resume with a larger one: ${again} --budget …`;
    return { reason: 'budget', message };
  }
  if (end.abandoned.length === 0) return undefined;
  const who = end.abandoned.map(({ target }) => target).join(', ');
  const message = `Abandoned: ${who}; ${soFar} were sent. Once that is fixed, resume with: ${again}`;
  return { reason: 'targets-failed', message };
}

function headerOf({ prepared, version, region, resume }: ExecuteRunOptions, clock: Clock): RunHeader {
  const { plan, arms, prices } = prepared;
  return {
    schema: RUN_SCHEMA,
    version,
    startedAt: resume?.header.startedAt ?? new Date(clock.wallMs()).toISOString(),
    plan,
    arms,
    machine: machineInfo(region),
    prices,
  };
}

/**
 * Marks an arm as emulated if its answers came from the emulator, also when the emulator was reached through a URL that the
 * user gave.
 */
function armsAsFound(arms: readonly BenchArm[], samples: readonly BenchSample[]): BenchArm[] {
  const emulated = new Set(samples.filter((sample) => sample.emulated).map(({ armId }) => armId));
  return arms.map((arm) => (emulated.has(arm.id) ? { ...arm, emulated: true } : arm));
}

/**
 * Time since the run began, ms. Uses wall time, because a resumed run began in another process; never earlier than the
 * end of its last sample.
 */
function elapsedMs({ startedAt }: RunHeader, samples: readonly BenchSample[], clock: Clock): number {
  const lastMs = Math.max(0, ...samples.map((sample) => sample.startedMs + (sample.phases.endMs ?? 0)));
  return Math.max(lastMs, clock.wallMs() - Date.parse(startedAt));
}

/** Writes each sample to the journal. A write failure, such as a full disk, fires the signal and thereby ends the run. */
class SampleRecorder {
  readonly samples: BenchSample[];
  /** Fires with the user's signal, or when a sample cannot be written. */
  readonly signal: AbortSignal;
  writeFailure: FirstwordError | undefined;
  readonly #full = new AbortController();
  #journal: Journal | undefined;

  constructor(resume: UnfinishedRun | undefined, signal: AbortSignal) {
    this.samples = resume ? reusableSamples(resume) : [];
    this.signal = AbortSignal.any([signal, this.#full.signal]);
  }

  async open(path: string, begin: { header: RunHeader; used: ResourceUse | undefined }): Promise<void> {
    const { header, used } = begin;
    this.#journal = await openJournal(path, {
      header,
      samples: this.samples,
      ...(used ? { used } : {}),
      onFailure: () => this.#full.abort(),
    });
  }

  add(sample: BenchSample, used: ResourceUse): void {
    this.samples.push(sample);
    this.#journal!.add(sample, used);
  }

  async close(): Promise<void> {
    await this.#journal!.close().catch((error: FirstwordError) => {
      this.writeFailure = error;
    });
  }
}

/** Writes the whole run and deletes its journal. Returns the error where it cannot be written. */
async function saveRun(run: RunFile, file: string): Promise<FirstwordError | undefined> {
  try {
    await writeRun(file, run);
    await deleteJournal(file);
    return undefined;
  } catch (error) {
    if (isFirstwordError(error)) return error;
    throw error;
  }
}

/**
 * Sends the requests of a prepared run and saves the results: each sample immediately, the whole run at the end. A run
 * ended early by its signal, its budget, failing targets or a full disk is marked `partial`.
 * @throws FirstwordError `unwritable` where the journal cannot be created, or the run cannot be written and there is no
 *   `onWriteFailure`
 */
export async function executeRun(options: ExecuteRunOptions): Promise<RunFile> {
  const { prepared, file, resume, onWriteFailure } = options;
  const clock = options.clock ?? systemClock;
  const header = headerOf(options, clock);
  const recorder = new SampleRecorder(resume, options.signal);
  await recorder.open(journalPath(file), { header, used: resume?.used });
  const end = await sendPending(options, { header, recorder, clock }).finally(() => recorder.close());
  const { samples, writeFailure } = recorder;
  const planned = prepared.requests.length;
  const partial = partialOf(end, file, {
    done: samples.length,
    planned,
    writeFailure: writeFailure !== undefined,
  });
  const run: RunFile = {
    ...header,
    arms: armsAsFound(header.arms, samples),
    finishedAt: new Date(clock.wallMs()).toISOString(),
    ...(partial ? { partial } : {}),
    abandoned: end.abandoned,
    used: end.used,
    plannedRequests: planned,
    samples: samples.sort((a, b) => a.startedMs - b.startedMs),
  };
  const lost = await saveRun(run, file);
  if (!lost) return run;
  if (!onWriteFailure) throw lost;
  onWriteFailure(lost);
  return run;
}

/** What sends the requests of this run. */
function clientOf(
  options: ExecuteRunOptions,
  requests: PreparedRun['requests'],
  parts: { header: RunHeader; clock: Clock },
): PlanClient {
  const { prepared, resume, emulator, env, openProbe } = options;
  const { plan, targets, scripts, prices } = prepared;
  const { header, clock } = parts;
  const budget = new BudgetTracker(plan.budget, resume?.used);
  const common = { plan, prices, clock, budget };
  const speech = plan.speech && new SpeechClient({ ...common, openProbe: openProbe! });
  const { timeoutMs } = plan;
  const models = new ModelFactory({ targets, emulator, clock, timeoutMs, ...(env ? { env } : {}) });
  const hasLlm = prepared.arms.some(({ kind }) => !kind);
  const llm = hasLlm
    ? new LlmClient({ ...common, requests, scripts, runKey: header.startedAt, models })
    : undefined;
  return new MixedClient({ budget, llm, speech });
}

/** Sends the pending requests. */
function sendPending(
  options: ExecuteRunOptions,
  parts: { header: RunHeader; recorder: SampleRecorder; clock: Clock },
): Promise<RunEnd> {
  const { prepared, resume } = options;
  const { header, recorder, clock } = parts;
  const beforeMs = resume ? elapsedMs(header, recorder.samples, clock) : 0;
  const open = pendingRequests(prepared, resume);
  const requests = shiftedTo(open, beforeMs + leadMs(open));
  return runPlan({
    client: clientOf(options, requests, { header, clock }),
    requests,
    elapsedMs: beforeMs,
    monitor: options.monitor ?? new MachineMonitor({ clock }),
    clock,
    signal: recorder.signal,
    onSample: (sample, used) => {
      recorder.add(sample, used);
      options.onSample?.(sample);
    },
    onTargetAbandoned: (abandoned) => options.onTargetAbandoned?.(abandoned),
  });
}
