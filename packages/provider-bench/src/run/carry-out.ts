import { type Clock, type FirstwordError, isFirstwordError, systemClock } from '@firstword/turn';
import type { Use } from '../budget/budget.js';
import { machineFacts } from '../machine/facts.js';
import { MachineWatch } from '../machine/watch.js';
import { RUN_SCHEMA, type RunFile, type RunHeader } from '../run-file.js';
import type { Arm, Sample } from '../sample.js';
import { dropJournal, type Journal, journalOf, openJournal } from '../store/journal.js';
import { writeRun } from '../store/run-store.js';
import { Door, type EmulatorAddress } from '../targets/door.js';
import { isHopeless } from './give-up.js';
import type { Prepared } from './prepare.js';
import { type GivenUp, type RunEnd, runPlan } from './run.js';
import { leadMs, shifted } from './timetable.js';

/** A run that was not carried out to its end. */
export interface Unfinished {
  header: RunHeader;
  samples: readonly Sample[];
  used: Use;
}

export interface CarryOutOptions {
  prepared: Prepared;
  /** Where the run goes: `FILE.json`. While it goes on its samples are in `FILE.json.part`. */
  file: string;
  /** Of Firstword. */
  version: string;
  region?: string;
  emulator?: EmulatorAddress;
  env?: Record<string, string | undefined>;
  /** What was measured before; the rest is asked. */
  resume?: Unfinished;
  clock?: Clock;
  watch?: MachineWatch;
  signal: AbortSignal;
  onSample?: (sample: Sample) => void;
  onGivenUp?: (givenUp: GivenUp) => void;
  /**
   * Called where the run, or the rest of it, cannot be kept: a disk is full. No further request is sent then, and what
   * was measured is still resolved with, to be shown. Left out, `carryOut` rejects with it.
   */
  onUnkept?: (error: FirstwordError) => void;
}

/** What is kept of an unfinished run. A request that a wrong key or name spoiled is asked again. */
export function keptSamples({ samples }: Pick<Unfinished, 'samples'>): Sample[] {
  return samples.filter(({ error }) => error === undefined || !isHopeless(error.kind));
}

/** The requests that are still to be asked. */
export function openRequests(prepared: Prepared, resume: Unfinished | undefined): Prepared['requests'] {
  const done = new Set(resume ? keptSamples(resume).map(({ index }) => index) : []);
  return prepared.requests.filter(({ index }) => !done.has(index));
}

function partialOf(
  end: RunEnd,
  file: string,
  state: { done: number; planned: number; unkept: boolean },
): RunFile['partial'] {
  const { done, planned, unkept } = state;
  const soFar = `${done} of ${planned} requests`;
  const again = `firstword bench --resume ${file}`;
  if (unkept) {
    const message = `The samples could not be kept any more after ${soFar}. Free some space, then go on with: ${again}`;
    return { reason: 'unwritable', message };
  }
  if (end.cutShortBy === 'signal') {
    return { reason: 'stopped', message: `Stopped after ${soFar}. Go on with: ${again}` };
  }
  if (end.cutShortBy === 'budget') {
    const message = `The budget allowed ${soFar}. Go on with a larger one: ${again} --budget …`;
    return { reason: 'budget', message };
  }
  if (end.givenUp.length === 0) return undefined;
  const who = end.givenUp.map(({ target }) => target).join(', ');
  const message = `Given up: ${who}; ${soFar} were made. Ask the rest, once that is mended, with: ${again}`;
  return { reason: 'targets-failed', message };
}

function headerOf({ prepared, version, region, resume }: CarryOutOptions, clock: Clock): RunHeader {
  const { plan, arms, prices } = prepared;
  return {
    schema: RUN_SCHEMA,
    version,
    startedAt: resume?.header.startedAt ?? new Date(clock.wallMs()).toISOString(),
    plan,
    arms,
    machine: machineFacts(region),
    prices,
  };
}

/** An emulator behind an address of the user's own is found out by its answers. */
function armsAsFound(arms: readonly Arm[], samples: readonly Sample[]): Arm[] {
  const emulated = new Set(samples.filter((sample) => sample.emulated).map(({ armId }) => armId));
  return arms.map((arm) => (emulated.has(arm.id) ? { ...arm, emulated: true } : arm));
}

/** Ms since the run began, by the wall: it may have begun in another process. Never before its last sample. */
function elapsedMs({ startedAt }: RunHeader, samples: readonly Sample[], clock: Clock): number {
  const lastMs = Math.max(0, ...samples.map((sample) => sample.startedMs + (sample.phases.endMs ?? 0)));
  return Math.max(lastMs, clock.wallMs() - Date.parse(startedAt));
}

/** Keeps samples as they come; whatever stops it from doing so, a full disk above all, ends the run. */
class Keeper {
  readonly samples: Sample[];
  /** Fires with the user's signal, and where nothing can be kept any more. */
  readonly signal: AbortSignal;
  unkept: FirstwordError | undefined;
  readonly #full = new AbortController();
  #journal: Journal | undefined;

  constructor(resume: Unfinished | undefined, signal: AbortSignal) {
    this.samples = resume ? keptSamples(resume) : [];
    this.signal = AbortSignal.any([signal, this.#full.signal]);
  }

  async open(path: string, begin: { header: RunHeader; used: Use | undefined }): Promise<void> {
    const { header, used } = begin;
    this.#journal = await openJournal(path, {
      header,
      samples: this.samples,
      ...(used ? { used } : {}),
      onFailure: () => this.#full.abort(),
    });
  }

  add(sample: Sample, used: Use): void {
    this.samples.push(sample);
    this.#journal!.add(sample, used);
  }

  async close(): Promise<void> {
    await this.#journal!.close().catch((error: FirstwordError) => {
      this.unkept = error;
    });
  }
}

/** Keeps the whole run where that can be done. */
async function kept(run: RunFile, file: string): Promise<FirstwordError | undefined> {
  try {
    await writeRun(file, run);
    await dropJournal(file);
    return undefined;
  } catch (error) {
    if (isFirstwordError(error)) return error;
    throw error;
  }
}

/**
 * Measures, and keeps what was measured whatever happens: each sample as it comes, the whole run at the end. A run cut
 * short by its signal, its budget, its targets or a full disk is marked partial.
 * @throws FirstwordError `unwritable` where not even a beginning can be kept, and as `onUnkept` says
 */
export async function carryOut(options: CarryOutOptions): Promise<RunFile> {
  const { prepared, file, resume, onUnkept } = options;
  const clock = options.clock ?? systemClock;
  const header = headerOf(options, clock);
  const keeper = new Keeper(resume, options.signal);
  await keeper.open(journalOf(file), { header, used: resume?.used });
  const end = await ended(options, { header, keeper, clock }).finally(() => keeper.close());
  const { samples, unkept } = keeper;
  const planned = prepared.requests.length;
  const partial = partialOf(end, file, { done: samples.length, planned, unkept: unkept !== undefined });
  const run: RunFile = {
    ...header,
    arms: armsAsFound(header.arms, samples),
    finishedAt: new Date(clock.wallMs()).toISOString(),
    ...(partial ? { partial } : {}),
    givenUp: end.givenUp,
    used: end.used,
    plannedRequests: planned,
    samples: samples.sort((a, b) => a.startedMs - b.startedMs),
  };
  const lost = await kept(run, file);
  if (!lost) return run;
  if (!onUnkept) throw lost;
  onUnkept(lost);
  return run;
}

/** Asks everything that is still to be asked. */
function ended(
  options: CarryOutOptions,
  parts: { header: RunHeader; keeper: Keeper; clock: Clock },
): Promise<RunEnd> {
  const { prepared, resume, emulator, env } = options;
  const { header, keeper, clock } = parts;
  const { plan, targets, scripts, prices } = prepared;
  const beforeMs = resume ? elapsedMs(header, keeper.samples, clock) : 0;
  const open = openRequests(prepared, resume);
  const { timeoutMs } = plan;
  return runPlan({
    plan,
    requests: shifted(open, beforeMs + leadMs(open)),
    beforeMs,
    scripts,
    runKey: header.startedAt,
    prices,
    ...(resume ? { used: resume.used } : {}),
    door: new Door({ targets, emulator, clock, timeoutMs, ...(env ? { env } : {}) }),
    watch: options.watch ?? new MachineWatch({ clock }),
    clock,
    signal: keeper.signal,
    onSample: (sample, used) => {
      keeper.add(sample, used);
      options.onSample?.(sample);
    },
    onGivenUp: (givenUp) => options.onGivenUp?.(givenUp),
  });
}
