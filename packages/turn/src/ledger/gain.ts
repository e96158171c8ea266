import { type MarkName, toMarkGrid } from '../marks.js';
import { type Dependency, type Schedule, timesOf } from './schedule.js';

/** A step of the critical path, and how much of it was part of the felt gap. */
export interface PathStep {
  from: MarkName;
  to: MarkName;
  durationMs: number;
}

/** The same dependencies with the work of a step shorter by its duration, also where it starts at another mark. */
function shortened(needs: readonly Dependency[], { from, durationMs }: PathStep): Dependency[] {
  const { lagMs } = needs.find((need) => need.from === from)!;
  return needs.map((need) =>
    need.lagMs === lagMs ? { ...need, lagMs: Math.max(0, lagMs - durationMs) } : need,
  );
}

/**
 * How much earlier `end` would come if these steps took no time, up to the next constraint, ms: other work that ends
 * shortly before them still has to be waited for. `undefined` if that depends on marks that were not recorded.
 *
 * @param steps of the critical path to `end`
 */
export function gainOf(schedule: Schedule, end: MarkName, steps: readonly PathStep[]): number | undefined {
  const dependencies = new Map(schedule.dependencies);
  for (const step of steps) dependencies.set(step.to, shortened(dependencies.get(step.to)!, step));
  const without: Schedule = { ...schedule, dependencies };
  const gains = (['shortest', 'longest'] as const).map((unknown) =>
    toMarkGrid(schedule.recordedMs.get(end)! - timesOf(without, unknown).get(end)!),
  );
  return gains[0] === gains[1] ? gains[0] : undefined;
}
