import { percentilesOf } from './percentiles.js';
import { segmentFigures } from './segment-figures.js';
import { growingDoubles } from './table/growing.js';
import { countWhere, sortedWhere } from './table/select.js';
import { FLAG } from './table/turn-rows.js';
import type { FigureList, TurnTable } from './table/turn-table.js';
import type { SilenceFigures, SilenceName, SilencePart, TurnReport } from './turn-report.js';

const MAX_PROBLEMS = 5;

/** Of how many calls or turns it could be known, and of which it is, in ascending order. */
interface Lengths {
  of: number;
  sorted: Float64Array;
}

function helloLengths(
  table: TurnTable,
): Lengths & { lists: FigureList[]; problems: SilenceFigures['problems'] } {
  const lengths = growingDoubles();
  const problems = new Map<string, number>();
  const lists = new Map<number, FigureList>();
  let of = 0;
  for (const { helloMs, problem = 'not reported', parts } of table.calls) {
    of += 1;
    if (helloMs === undefined) problems.set(problem, (problems.get(problem) ?? 0) + 1);
    else lengths.push(helloMs);
    for (let at = 0; at < parts.length; at += 2) {
      const index = parts[at]!;
      const key = table.figureKey(index);
      const list = lists.get(index) ?? { key, ms: growingDoubles(), gainMs: growingDoubles() };
      lists.set(index, list);
      list.ms.push(parts[at + 1]!);
    }
  }
  return {
    of,
    sorted: lengths.view().sort(),
    lists: [...lists.values()],
    problems: [...problems]
      .map(([problem, count]) => ({ problem, count }))
      .sort((a, b) => b.count - a.count)
      .slice(0, MAX_PROBLEMS),
  };
}

/** A measure of the turns that have a flag. */
function amongTurns(table: TurnTable, column: 'toolMs' | 'gapMs', flag: keyof typeof FLAG): Lengths {
  const { numbers, flags, count } = table.columns;
  const isIn = (row: number) => (flags[row]! & FLAG[flag]) !== 0;
  return { of: countWhere(count, isIn), sorted: sortedWhere(numbers[column], isIn) };
}

/** Of interruptions: how long the agent went on. Those at which it did not stop have no length. */
function stopLengths(table: TurnTable): Lengths {
  const [list] = table.figures('stop');
  return { of: list?.ms.length ?? 0, sorted: list ? sortedWhere(list.ms.view()) : new Float64Array() };
}

/**
 * The silences besides the felt gap.
 * @param pause called before each piece of work
 */
export async function silencesOf(
  table: TurnTable,
  { seed, pause }: { seed: number; pause: () => Promise<void> },
): Promise<TurnReport['silences']> {
  const partsOf = async (lists: readonly FigureList[]): Promise<SilencePart[]> =>
    (await segmentFigures(lists, pause)).map(({ gain: _, ...part }) => part);
  const figuresOf = (
    { of, sorted }: Lengths,
    more: Partial<SilenceFigures> = {},
  ): SilenceFigures | undefined =>
    of === 0 ? undefined : { of, gap: percentilesOf(sorted, seed), parts: [], problems: [], ...more };
  const { lists, problems, ...hello } = helloLengths(table);
  const all: Record<SilenceName, SilenceFigures | undefined> = {
    hello: figuresOf(hello, { parts: await partsOf(lists), problems }),
    tool: figuresOf(amongTurns(table, 'toolMs', 'hasTools'), { parts: await partsOf(table.figures('tool')) }),
    bargeIn: figuresOf(stopLengths(table)),
    afterBargeIn: figuresOf(amongTurns(table, 'gapMs', 'bargeIn')),
  };
  return Object.fromEntries(Object.entries(all).filter(([, figures]) => figures !== undefined));
}
