import { isRealtimeTurn, MARKS, type MarkName, OPTIONAL_MARKS, REALTIME_MARKS } from '../marks.js';
import { EDGES, type Edge } from './edges.js';

const EDGES_INTO = new Map<MarkName, Edge[]>(MARKS.map((mark) => [mark, EDGES.filter((e) => e.to === mark)]));

const OF_REALTIME: ReadonlySet<MarkName> = new Set(REALTIME_MARKS);

/** What a mark may have waited for: an edge between two recorded marks, or a jump over marks that were not recorded. */
export interface LedgerStep {
  from: MarkName;
  to: MarkName;
  /** `undefined` for a jump. */
  edge: Edge | undefined;
  /** Whether the jump is over an optional mark only: then it is likely that nothing was waited for on this way. */
  isUnlikely?: true;
}

/**
 * Every recorded mark that `to` may have waited for, found by skipping marks that were not recorded. Turns of a cascade have
 * no steps of a realtime model. `to` cannot have
 * waited for a mark that happened later, so such a mark is skipped only if there is no other candidate.
 *
 * @param seen the recorded marks, ms; must contain `to`
 */
function stepsInto(to: MarkName, seen: ReadonlyMap<MarkName, number>): LedgerStep[] {
  const toMs = seen.get(to)!;
  const isRealtime = isRealtimeTurn(seen);
  const direct: LedgerStep[] = [];
  const beyond: LedgerStep[] = [];
  const late: MarkName[] = [];
  const optional: MarkName[] = [];
  const visited = new Set<MarkName>();
  const look = (mark: MarkName, jump: Pick<LedgerStep, 'isUnlikely'>) => {
    visited.add(mark);
    for (const edge of EDGES_INTO.get(mark)!) {
      const { from } = edge;
      const fromMs = seen.get(from);
      if (fromMs === undefined) {
        if (visited.has(from) || (!isRealtime && OF_REALTIME.has(from))) continue;
        if (OPTIONAL_MARKS.has(from)) optional.push(from);
        else look(from, jump);
      } else if (fromMs > toMs) late.push(from);
      else if (mark === to) direct.push({ from, to, edge });
      else beyond.push({ from, to, edge: undefined, ...jump });
    }
  };
  // Optional marks come last, so that a mark behind both kinds is not taken for an unlikely one.
  const lookFrom = (marks: MarkName[], jump: Pick<LedgerStep, 'isUnlikely'>) => {
    for (const mark of marks.splice(0)) if (!visited.has(mark)) look(mark, jump);
  };
  const lookFromAll = (marks: MarkName[]) => {
    lookFrom(marks, {});
    while (optional.length > 0) lookFrom(optional, { isUnlikely: true });
  };
  lookFromAll([to]);
  while (direct.length + beyond.length === 0 && late.length > 0) lookFromAll(late);
  // A step of a realtime turn without a mark did not happen: there is nothing to jump over.
  return isRealtime && direct.length > 0 ? direct : [...direct, ...beyond];
}

/** The step whose `from` happened last. On a tie, an edge is preferred to a jump, then the first listed. */
function lastStep(steps: readonly LedgerStep[], seen: ReadonlyMap<MarkName, number>): LedgerStep | undefined {
  let last: LedgerStep | undefined;
  for (const step of steps) if (!last || seen.get(step.from)! > seen.get(last.from)!) last = step;
  return last;
}

/** What one mark may have waited for, and the last of it, which it did wait for. */
export interface Waits {
  steps: readonly LedgerStep[];
  last: LedgerStep | undefined;
}

/** The waits of every recorded mark. */
export type WaitsOf = ReadonlyMap<MarkName, Waits>;

/** The recorded marks in the order of their times, as text. */
function orderOf(seen: ReadonlyMap<MarkName, number>): string {
  let beforeMs: number | undefined;
  return [...seen]
    .sort((a, b) => a[1] - b[1])
    .map(([name, ms]) => {
      const sign = ms === beforeMs ? '=' : '<';
      beforeMs = ms;
      return sign + name;
    })
    .join('');
}

const MAX_ORDERS = 2_000;
const ORDERS = new Map<string, WaitsOf>();

/**
 * The waits of every recorded mark. They depend only on the order of the marks, and turns of one agent have few different
 * orders: remembering them makes ledgers several times faster.
 */
export function waitsOf(seen: ReadonlyMap<MarkName, number>): WaitsOf {
  const order = orderOf(seen);
  const known = ORDERS.get(order);
  if (known) return known;
  const waits = new Map<MarkName, Waits>();
  for (const mark of seen.keys()) {
    if (mark === 'speechEnded') continue;
    const steps = stepsInto(mark, seen);
    waits.set(mark, { steps, last: lastStep(steps, seen) });
  }
  if (ORDERS.size >= MAX_ORDERS) ORDERS.clear();
  ORDERS.set(order, waits);
  return waits;
}
