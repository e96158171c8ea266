import { MARKS, type MarkName, type Marks, seenMarks, toMarkGrid } from '../marks.js';
import type { SegmentName } from './edges.js';
import { gainOf } from './gain.js';
import type { LedgerContext, Owner } from './owner.js';
import { scheduleOf } from './schedule.js';
import { type LedgerStep, lastStep, stepsInto } from './steps.js';

/** Name of an `unaccounted` segment: two marks that no edge joins, such as `firstClause to firstAudible`. */
export type UnaccountedName = `${MarkName} to ${MarkName}`;

/** A span of time with one owner. Times are on the marks' clock, ms. */
export interface Segment {
  name: SegmentName | UnaccountedName;
  owner: Owner;
  fromMs: number;
  toMs: number;
  durationMs: number;
  /**
   * By how much the felt gap would shrink if this segment took no time, 0 to `durationMs`: other work that ran alongside
   * and ended shortly before it still has to be waited for. Missing for hidden work, which gains nothing, and where it
   * depends on marks that were not recorded.
   */
  gainMs?: number | undefined;
}

/** The felt gap of a turn, divided into segments. */
export interface Ledger {
  /**
   * First audible agent sample − last caller speech sample, ms. `undefined` if one of the two is missing, or if the
   * agent was audible before the caller had finished; `problem` says which.
   */
  feltGapMs: number | undefined;
  /** The critical path in time order, from `speechEnded` to the first audible sample: contiguous and non-negative. */
  segments: Segment[];
  /** Work that ran at the same time as the critical path, or before the caller had finished. Not part of the gap. */
  hidden: Segment[];
  /** Marks that were not recorded. */
  missing: MarkName[];
  /** Why there is no felt gap, if there is none. */
  problem: string | undefined;
}

const UNACCOUNTED: Owner = { kind: 'unaccounted' };

function describe(step: LedgerStep, context: LedgerContext): Pick<Segment, 'name' | 'owner'> {
  return step.edge
    ? { name: step.edge.name, owner: step.edge.owner(context) }
    : { name: `${step.from} to ${step.to}`, owner: UNACCOUNTED };
}

const criticalStep = (to: MarkName, seen: Map<MarkName, number>) => lastStep(stepsInto(to, seen), seen);

/**
 * Walks from `end` back to the last speech sample. Every mark can be reached from `speechEnded`, so a step is always
 * found.
 */
function criticalPath(end: MarkName, startMs: number, seen: Map<MarkName, number>): LedgerStep[] {
  const steps: LedgerStep[] = [];
  for (let at = end; seen.get(at)! > startMs; ) {
    const step = criticalStep(at, seen)!;
    steps.unshift(step);
    at = step.from;
  }
  return steps;
}

/**
 * Work off the critical path, and the part of the path's first step that ran before the caller had finished. Work after
 * the first audible sample is left out, because it is not part of the gap.
 */
function hiddenWork(path: LedgerStep[], startMs: number, endMs: number, seen: Map<MarkName, number>) {
  const onPath = new Map(path.map((step) => [step.to, step]));
  const hidden: { step: LedgerStep; fromMs: number; toMs: number }[] = [];
  for (const [to, atMs] of seen) {
    if (to === 'speechEnded') continue;
    const step = onPath.get(to) ?? criticalStep(to, seen);
    if (!step?.edge || step.edge.waiting) continue;
    const fromMs = seen.get(step.from)!;
    const toMs = Math.min(atMs, onPath.has(to) ? startMs : endMs);
    if (toMs > fromMs) hidden.push({ step, fromMs, toMs });
  }
  return hidden.sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs);
}

/** What both functions below need of a turn that has a felt gap. */
interface TurnPath {
  seen: Map<MarkName, number>;
  startMs: number;
  end: MarkName;
  endMs: number;
  steps: LedgerStep[];
}

/** @returns why not, if there is no felt gap */
function pathOf(seen: Map<MarkName, number>): TurnPath | string {
  const startMs = seen.get('speechEnded');
  const end: MarkName = seen.has('callerHeard') ? 'callerHeard' : 'firstAudible';
  const endMs = seen.get(end);
  if (startMs === undefined) return 'the end of the caller’s speech was not seen';
  if (endMs === undefined) return 'no audible answer was seen';
  if (endMs < startMs) return 'the agent was heard before the caller had finished';
  return { seen, startMs, end, endMs, steps: criticalPath(end, startMs, seen) };
}

/** The first step may have begun while the caller still spoke; only the time after that is gap. */
function gapTimesOf({ from, to }: LedgerStep, { seen, startMs }: TurnPath) {
  const fromMs = Math.max(startMs, seen.get(from)!);
  const toMs = seen.get(to)!;
  return { fromMs, toMs, durationMs: toMarkGrid(toMs - fromMs) };
}

/**
 * Divides the felt gap into segments. It walks back along the critical path from the first audible sample (at the caller
 * if known, otherwise as it leaves the agent) to the last speech sample. The segments sum to the felt gap exactly. Time
 * between two marks that no edge joins is `unaccounted`.
 *
 * @param context names of providers and settings, for the owners
 */
export function ledger(marks: Marks, context: LedgerContext = {}): Ledger {
  const seen = seenMarks(marks);
  const missing = MARKS.filter((name) => !seen.has(name));
  const path = pathOf(seen);
  if (typeof path === 'string')
    return { feltGapMs: undefined, segments: [], hidden: [], missing, problem: path };
  const { startMs, end, endMs, steps } = path;
  const schedule = scheduleOf(seen);
  return {
    feltGapMs: toMarkGrid(endMs - startMs),
    segments: steps.flatMap((step): Segment[] => {
      const times = gapTimesOf(step, path);
      if (times.durationMs === 0) return [];
      const gainMs = gainOf(schedule, end, [{ ...step, ...times }]);
      return [{ ...describe(step, context), ...times, ...(gainMs === undefined ? {} : { gainMs }) }];
    }),
    hidden: hiddenWork(steps, startMs, endMs, seen).map(({ step, fromMs, toMs }) => ({
      ...describe(step, context),
      fromMs,
      toMs,
      durationMs: toMarkGrid(toMs - fromMs),
    })),
    missing,
    problem: undefined,
  };
}

/**
 * By how much the felt gap would shrink if all work with these names took no time, hidden work included, ms. Two waits that
 * end together gain little each, and all of it together. `undefined` if there is no felt gap, or if the gain depends on
 * marks that were not recorded.
 */
export function gainWithout(marks: Marks, names: readonly Segment['name'][]): number | undefined {
  const path = pathOf(seenMarks(marks));
  if (typeof path === 'string') return undefined;
  const steps = [...path.seen.keys()].flatMap((to) => {
    const step = to === 'speechEnded' ? undefined : criticalStep(to, path.seen);
    if (!step || !names.includes(describe(step, {}).name)) return [];
    const times = gapTimesOf(step, path);
    return times.durationMs > 0 ? { ...step, ...times } : [];
  });
  return gainOf(scheduleOf(path.seen), path.end, steps);
}
