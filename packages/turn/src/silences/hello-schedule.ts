import { HELLO_EDGES, HELLO_MARKS, type HelloMarkName, type HelloMarks, seenHelloMarks } from './hello.js';
import { type PathStep, stepsInto } from './path.js';

/** A mark of a time to hello comes `lagMs` after `from` at the earliest. */
export interface HelloDependency {
  from: HelloMarkName;
  lagMs: number;
}

/**
 * A call's beginning as it would run again: each mark comes once all its dependencies are met. A mark without dependencies is at its
 * recorded time.
 */
export interface HelloSchedule {
  /** In the order in which the marks happened; those of one moment in the order of `HELLO_MARKS`. */
  readonly recordedMs: ReadonlyMap<HelloMarkName, number>;
  readonly dependencies: ReadonlyMap<HelloMarkName, readonly HelloDependency[]>;
}

/**
 * The schedule that gives every recorded mark its recorded time. The step that a mark waited for last takes as long again, and so does a
 * step of the same name from another mark: it is the same work. Its other dependencies were met before: how much sooner it could have
 * come is not in the record, and is assumed to be immediate.
 */
export function helloScheduleOf(marks: HelloMarks): HelloSchedule {
  const seen = seenHelloMarks(marks);
  const order = [...seen].sort(
    ([a, aMs], [b, bMs]) => aMs - bMs || HELLO_MARKS.indexOf(a) - HELLO_MARKS.indexOf(b),
  );
  const recordedMs = new Map(order);
  const before = new Set<HelloMarkName>();
  const dependencies = new Map<HelloMarkName, readonly HelloDependency[]>();
  for (const [mark, atMs] of order) {
    // Of two marks in one moment that may wait for each other, the first one does not.
    const steps = stepsInto(mark, { seen: recordedMs, edges: HELLO_EDGES });
    const possible = steps.filter(({ from }) => before.has(from));
    const lastMs = Math.max(...possible.map(({ from }) => seen.get(from)!));
    const isLast = ({ from }: PathStep<HelloMarkName>) => seen.get(from) === lastMs;
    const work = new Set(possible.flatMap((step) => (isLast(step) && step.edge ? [step.edge.name] : [])));
    const needs = new Map<HelloMarkName, number>();
    for (const step of possible) {
      const isSameWork = isLast(step) || (step.edge !== undefined && work.has(step.edge.name));
      // Edges are listed before jumps from the same mark.
      if (!needs.has(step.from)) needs.set(step.from, isSameWork ? atMs - lastMs : 0);
    }
    dependencies.set(
      mark,
      [...needs].map(([from, lagMs]) => ({ from, lagMs })),
    );
    before.add(mark);
  }
  return { recordedMs, dependencies };
}

/** Time of each mark, ms on the marks' clock. */
export function helloTimesOf({ recordedMs, dependencies }: HelloSchedule): Map<HelloMarkName, number> {
  const times = new Map<HelloMarkName, number>();
  for (const [mark, atMs] of recordedMs) {
    const metMs = (dependencies.get(mark) ?? []).flatMap(({ from, lagMs }) => {
      const fromMs = times.get(from);
      return fromMs === undefined ? [] : [fromMs + lagMs];
    });
    times.set(mark, metMs.length === 0 ? atMs : Math.max(...metMs));
  }
  return times;
}
