import {
  type Dependency,
  type MarkName,
  type Marks,
  type Schedule,
  scheduleOf,
  seenMarks,
  timesOf,
} from '@firstword/turn';

/** A schedule that changes are made to. */
export interface ReplayPlan extends Schedule {
  readonly dependencies: Map<MarkName, readonly Dependency[]>;
  /** The mark that ends the gap. */
  readonly end: MarkName;
}

/** @returns why not, where the record does not have both ends of a gap */
export function replayPlanOf(marks: Marks): ReplayPlan | string {
  const seen = seenMarks(marks);
  const end = (['callerHeard', 'firstAudible', 'framePublished'] as const).find((mark) => seen.has(mark));
  const startMs = seen.get('speechEnded');
  if (startMs === undefined) return 'the end of the caller’s speech was not seen';
  if (end === undefined) return 'no answer was heard';
  if (seen.get(end)! < startMs) return 'the answer was heard before the caller had finished';
  const { dependencies } = scheduleOf(seen);
  return { recordedMs: seen, dependencies: new Map(dependencies), end };
}

/** A plan to change without changing this one. */
export const copyPlan = (plan: ReplayPlan): ReplayPlan => ({
  ...plan,
  dependencies: new Map(plan.dependencies),
});

/** Whether a turn has all of these marks. */
export const hasMarks = (plan: ReplayPlan, ...marks: MarkName[]): boolean =>
  marks.every((mark) => plan.dependencies.has(mark) || plan.recordedMs.has(mark));

/** Time from one mark to the other; both must exist. */
export function spanMs(plan: ReplayPlan, from: MarkName, to: MarkName): number {
  const times = timesOf(plan);
  return times.get(to)! - times.get(from)!;
}

/** An answer that was ready before the caller had finished has no gap: there is nothing below 0. */
export const gapMs = (plan: ReplayPlan): number => Math.max(0, spanMs(plan, 'speechEnded', plan.end));
