import { type MarkName, toMarkGrid } from '../marks.js';
import { type Dependency, type Schedule, timesOf } from './schedule.js';

/** What a mark waited for, and how much of that was part of the felt gap. */
export interface WaitedStep {
  from: MarkName;
  to: MarkName;
  durationMs: number;
}

/** The same dependencies with the work of a step shorter by its duration, also where it starts at another mark. */
function shortened(needs: readonly Dependency[], { from, durationMs }: WaitedStep): Dependency[] {
  const { lagMs } = needs.find((need) => need.from === from)!;
  return needs.map((need) =>
    need.lagMs === lagMs ? { ...need, lagMs: Math.max(0, lagMs - durationMs) } : need,
  );
}

/** Whether a lag is not known. */
function hasUnknown({ dependencies }: Schedule): boolean {
  for (const needs of dependencies.values())
    for (const { mostMs } of needs) if (mostMs !== undefined) return true;
  return false;
}

/**
 * How much earlier `end` would come if these steps took no time, up to the next constraint, ms: other work that ends
 * shortly before them still has to be waited for. `undefined` if that depends on marks that were not recorded.
 *
 * @param steps the last step into some marks, on the critical path or beside it
 */
export function gainOf(schedule: Schedule, end: MarkName, steps: readonly WaitedStep[]): number | undefined {
  const shorter = new Map<MarkName, readonly Dependency[]>();
  for (const step of steps) shorter.set(step.to, shortened(schedule.dependencies.get(step.to)!, step));
  const gainWith = (unknown: 'shortest' | 'longest') =>
    toMarkGrid(schedule.recordedMs.get(end)! - timesOf(schedule, unknown, shorter).get(end)!);
  const mostMs = gainWith('shortest');
  return !hasUnknown(schedule) || gainWith('longest') === mostMs ? mostMs : undefined;
}
