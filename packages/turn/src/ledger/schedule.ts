import { MARKS, type MarkName } from '../marks.js';
import { EDGES } from './edges.js';
import { type LedgerStep, type Waits, type WaitsOf, waitsOf } from './steps.js';

/** A mark comes `lagMs` after `from` at the earliest. */
export interface Dependency {
  from: MarkName;
  lagMs: number;
  /** The longest that the lag may have been, if it is not known because marks in between were not recorded. */
  mostMs?: number;
}

/**
 * A turn as it would run again: each mark comes once all its dependencies are met. A mark without dependencies is
 * at its recorded time.
 */
export interface Schedule {
  readonly recordedMs: ReadonlyMap<MarkName, number>;
  readonly dependencies: ReadonlyMap<MarkName, readonly Dependency[]>;
}

const NONE: Schedule['dependencies'] = new Map();

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
 * The step that a mark waited for takes as long again, and so does a step of the same name from another mark: it is the
 * same work. The mark's other dependencies were met before: how much sooner it could have come is not in the record, and
 * is assumed to be immediate.
 */
function dependenciesOf(
  to: MarkName,
  { steps, last }: Waits,
  seen: ReadonlyMap<MarkName, number>,
): Dependency[] {
  if (!last) return [];
  const toMs = seen.get(to)!;
  const lastMs = toMs - seen.get(last.from)!;
  const lagOf = ({ from, edge, isUnlikely }: LedgerStep): Omit<Dependency, 'from'> => {
    if (from === last.from || (edge && edge.name === last.edge?.name)) return { lagMs: lastMs };
    return edge || isUnlikely ? { lagMs: 0 } : { lagMs: 0, mostMs: toMs - seen.get(from)! };
  };
  const dependencies: Dependency[] = [];
  // Edges are listed before jumps: a jump beside an edge from the same mark adds nothing.
  for (const step of steps) {
    const { from } = step;
    if (!dependencies.some((one) => one.from === from)) dependencies.push({ from, ...lagOf(step) });
  }
  return dependencies;
}

/** The schedule that gives every recorded mark its recorded time. */
export function scheduleOf(seen: ReadonlyMap<MarkName, number>, waits: WaitsOf = waitsOf(seen)): Schedule {
  const dependencies = new Map<MarkName, readonly Dependency[]>();
  for (const [mark, wait] of waits) dependencies.set(mark, dependenciesOf(mark, wait, seen));
  return { recordedMs: seen, dependencies };
}

/**
 * Time of each mark, ms.
 * @param unknown how long the lags are that are not known; by default as short as possible
 * @param instead dependencies of some marks that take the place of the schedule's
 */
export function timesOf(
  { recordedMs, dependencies }: Schedule,
  unknown: 'shortest' | 'longest' = 'shortest',
  instead: Schedule['dependencies'] = NONE,
): Map<MarkName, number> {
  const times = new Map<MarkName, number>();
  for (const mark of ORDER) {
    let atMs: number | undefined;
    for (const { from, lagMs, mostMs = lagMs } of instead.get(mark) ?? dependencies.get(mark) ?? []) {
      const fromMs = times.get(from);
      if (fromMs === undefined) continue;
      const metMs = fromMs + (unknown === 'longest' ? mostMs : lagMs);
      if (atMs === undefined || metMs > atMs) atMs = metMs;
    }
    atMs ??= recordedMs.get(mark);
    if (atMs !== undefined) times.set(mark, atMs);
  }
  return times;
}
