import { EDGES, MARKS, type MarkName, type Marks, seenMarks, stepsInto } from '@firstword/turn';

/** A mark comes `lagMs` after `from` at the earliest. */
export interface Dependency {
  from: MarkName;
  lagMs: number;
}

/**
 * A turn as it would run again: each mark comes once all its dependencies are met. A mark without dependencies is
 * at its recorded time.
 */
export interface ReplayPlan {
  readonly recordedMs: ReadonlyMap<MarkName, number>;
  readonly dependencies: Map<MarkName, readonly Dependency[]>;
  /** The mark that ends the gap. */
  readonly end: MarkName;
}

/** All marks in topological order. */
const ORDER: readonly MarkName[] = (() => {
  const order: MarkName[] = [];
  const visit = (mark: MarkName) => {
    if (order.includes(mark)) return;
    for (const { from, to } of EDGES) if (to === mark) visit(from);
    order.push(mark);
  };
  for (const mark of MARKS) visit(mark);
  return order;
})();

/**
 * The dependency that a mark waited for takes as long again. Its other dependencies were met before: how much sooner it could have
 * come is not in the record, and is assumed to be immediate.
 */
function dependenciesOf(to: MarkName, seen: Map<MarkName, number>): Dependency[] {
  const toMs = seen.get(to)!;
  const from = [...new Set(stepsInto(to, seen).map((step) => step.from))].filter(
    (mark) => seen.get(mark)! <= toMs,
  );
  const lastMs = Math.max(...from.map((mark) => seen.get(mark)!));
  return from.map((mark) => ({ from: mark, lagMs: seen.get(mark) === lastMs ? toMs - lastMs : 0 }));
}

/** @returns why not, where the record does not have both ends of a gap */
export function replayPlanOf(marks: Marks): ReplayPlan | string {
  const seen = seenMarks(marks);
  const end = (['callerHeard', 'firstAudible', 'framePublished'] as const).find((mark) => seen.has(mark));
  const startMs = seen.get('speechEnded');
  if (startMs === undefined) return 'the end of the caller’s speech was not seen';
  if (end === undefined) return 'no answer was heard';
  if (seen.get(end)! < startMs) return 'the answer was heard before the caller had finished';
  const dependencies = new Map<MarkName, readonly Dependency[]>();
  for (const mark of seen.keys())
    if (mark !== 'speechEnded') dependencies.set(mark, dependenciesOf(mark, seen));
  return { recordedMs: seen, dependencies, end };
}

/** A plan to change without changing this one. */
export const copyPlan = (plan: ReplayPlan): ReplayPlan => ({
  ...plan,
  dependencies: new Map(plan.dependencies),
});

/** Whether a turn has all of these marks. */
export const hasMarks = (plan: ReplayPlan, ...marks: MarkName[]): boolean =>
  marks.every((mark) => plan.dependencies.has(mark) || plan.recordedMs.has(mark));

/** Time of each mark. */
export function timesOf(plan: ReplayPlan): Map<MarkName, number> {
  const times = new Map<MarkName, number>();
  for (const mark of ORDER) {
    const needs = plan.dependencies.get(mark)?.filter(({ from }) => times.has(from)) ?? [];
    const recordedMs = plan.recordedMs.get(mark);
    if (needs.length > 0) {
      times.set(mark, Math.max(...needs.map(({ from, lagMs }) => times.get(from)! + lagMs)));
    } else if (recordedMs !== undefined) times.set(mark, recordedMs);
  }
  return times;
}

/** Time from one mark to the other; both must exist. */
export function spanMs(plan: ReplayPlan, from: MarkName, to: MarkName): number {
  const times = timesOf(plan);
  return times.get(to)! - times.get(from)!;
}

/** An answer that was ready before the caller had finished has no gap: there is nothing below 0. */
export const gapMs = (plan: ReplayPlan): number => Math.max(0, spanMs(plan, 'speechEnded', plan.end));
