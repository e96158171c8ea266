import { MARKS, type MarkName, type Marks, seenMarks, toMarkGrid } from '../marks.js';
import type { SegmentName } from './edges.js';
import { gainOf } from './gain.js';
import type { LedgerContext, Owner } from './owner.js';
import { scheduleOf } from './schedule.js';
import { type LedgerStep, type WaitsOf, waitsOf } from './steps.js';

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

/** Options of `ledger`. */
export interface LedgerOptions {
  /** Compute the gain of each segment, which takes half of the time; true by default. */
  withGains?: boolean;
}

const UNACCOUNTED: Owner = { kind: 'unaccounted' };

const nameOf = ({ edge, from, to }: LedgerStep): Segment['name'] => edge?.name ?? `${from} to ${to}`;

// No spreads here: with them, ledgers take twice as long.
const toSegment = (step: LedgerStep, context: LedgerContext, fromMs: number, toMs: number): Segment => ({
  name: nameOf(step),
  owner: step.edge ? step.edge.owner(context) : UNACCOUNTED,
  fromMs,
  toMs,
  durationMs: toMarkGrid(toMs - fromMs),
});

/** The two ends of a felt gap, and what each mark waited for. */
interface Gap {
  seen: Map<MarkName, number>;
  startMs: number;
  end: MarkName;
  endMs: number;
  waits: WaitsOf;
}

/** @returns why not, if there is no felt gap */
function gapOf(seen: Map<MarkName, number>): Gap | string {
  const startMs = seen.get('speechEnded');
  const end: MarkName = seen.has('callerHeard') ? 'callerHeard' : 'firstAudible';
  const endMs = seen.get(end);
  if (startMs === undefined) return 'the end of the caller’s speech was not seen';
  if (endMs === undefined) return 'no audible answer was seen';
  if (endMs < startMs) return 'the agent was heard before the caller had finished';
  return { seen, startMs, end, endMs, waits: waitsOf(seen) };
}

/**
 * Walks from the end back to the last speech sample. Every mark can be reached from `speechEnded`, so a step is always
 * found.
 */
function criticalPath({ seen, startMs, end, waits }: Gap): LedgerStep[] {
  const steps: LedgerStep[] = [];
  for (let at = end; seen.get(at)! > startMs; ) {
    const step = waits.get(at)!.last!;
    steps.unshift(step);
    at = step.from;
  }
  return steps;
}

/** The first step may have begun while the caller still spoke; only the time after that is gap. */
const startOf = ({ from }: LedgerStep, { seen, startMs }: Gap): number => Math.max(startMs, seen.get(from)!);

/**
 * Work off the critical path, and the part of the path's first step that ran before the caller had finished. Work after
 * the first audible sample is left out, because it is not part of the gap.
 */
function hiddenWork(path: readonly LedgerStep[], { seen, startMs, endMs, waits }: Gap) {
  const onPath = new Set(path);
  const hidden: { step: LedgerStep; fromMs: number; toMs: number }[] = [];
  for (const { last: step } of waits.values()) {
    if (!step?.edge || step.edge.waiting) continue;
    const fromMs = seen.get(step.from)!;
    const toMs = Math.min(seen.get(step.to)!, onPath.has(step) ? startMs : endMs);
    if (toMs > fromMs) hidden.push({ step, fromMs, toMs });
  }
  return hidden.sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs);
}

/**
 * Divides the felt gap into segments. It walks back along the critical path from the first audible sample (at the caller
 * if known, otherwise as it leaves the agent) to the last speech sample. The segments sum to the felt gap exactly. Time
 * between two marks that no edge joins is `unaccounted`.
 *
 * @param context names of providers and settings, for the owners
 */
export function ledger(marks: Marks, context: LedgerContext = {}, options: LedgerOptions = {}): Ledger {
  const { withGains = true } = options;
  const seen = seenMarks(marks);
  const missing = MARKS.filter((name) => !seen.has(name));
  const gap = gapOf(seen);
  if (typeof gap === 'string')
    return { feltGapMs: undefined, segments: [], hidden: [], missing, problem: gap };
  const path = criticalPath(gap);
  const schedule = scheduleOf(seen, gap.waits);
  return {
    feltGapMs: toMarkGrid(gap.endMs - gap.startMs),
    segments: path.flatMap((step): Segment[] => {
      const segment = toSegment(step, context, startOf(step, gap), seen.get(step.to)!);
      const { durationMs } = segment;
      if (durationMs === 0) return [];
      if (!withGains) return [segment];
      const gainMs = gainOf(schedule, gap.end, [{ from: step.from, to: step.to, durationMs }]);
      if (gainMs !== undefined) segment.gainMs = gainMs;
      return [segment];
    }),
    hidden: hiddenWork(path, gap).map(({ step, fromMs, toMs }) => toSegment(step, context, fromMs, toMs)),
    missing,
    problem: undefined,
  };
}

/**
 * By how much the felt gap would shrink if all work with these names took no time, hidden work included, ms. If two waits
 * end at the same time, each alone gains little, and both together gain their whole length. `undefined` if there is no felt
 * gap, or if the gain depends on marks that were not recorded.
 */
export function gainWithout(marks: Marks, names: readonly Segment['name'][]): number | undefined {
  const gap = gapOf(seenMarks(marks));
  if (typeof gap === 'string') return undefined;
  const steps = [...gap.waits.values()].flatMap(({ last: step }) => {
    if (!step || !names.includes(nameOf(step))) return [];
    const { from, to } = step;
    const durationMs = toMarkGrid(gap.seen.get(to)! - startOf(step, gap));
    return durationMs > 0 ? { from, to, durationMs } : [];
  });
  return gainOf(scheduleOf(gap.seen, gap.waits), gap.end, steps);
}
