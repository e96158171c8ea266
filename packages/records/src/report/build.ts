import { setImmediate } from 'node:timers/promises';
import { ledgerOf } from '@firstword/turn';
import { outcomesOfTable } from './failures.js';
import { type Percentiles, percentilesOf, valueAt } from './percentiles.js';
import { ownerFigures, segmentFigures } from './segment-figures.js';
import { silencesOf } from './silences.js';
import { compareTexts, countKeys, countWhere, type RowTest, sortedWhere } from './table/select.js';
import type { SlowTurn } from './table/slowest.js';
import { FLAG, NO_TEXT, type TextColumn } from './table/turn-rows.js';
import type { TurnColumns, TurnTable } from './table/turn-table.js';
import { stepStart, stepText, type TrendUnit } from './trend-steps.js';
import {
  DIMENSIONS,
  type InputSummary,
  type Measure,
  REPORTED_DURATIONS,
  type ReportGroup,
  type TurnReport,
  type WorstTurn,
} from './turn-report.js';

/** Options of `buildReport`. */
export interface BuildOptions {
  /** Number of worst turns to list. */
  worst: number;
  seed: number;
  read: InputSummary;
  signal?: AbortSignal | undefined;
}

/** A report, and the values of its measures. */
export interface BuiltReport {
  report: TurnReport;
  /** Ascending: the felt gaps; the first frames of turns that have no felt gap. */
  sortedMs: Record<Measure, Float64Array>;
}

const MAX_GROUPS = 12;
const MAX_STEPS = 60;
const MAX_PROBLEMS = 8;
const CURVE_POINTS = 200;
const DAY_MS = 86_400_000;

/** Some of the keys of a column, and the groups of their turns. */
interface Groups {
  groups: ReportGroup[];
  omitted: number;
}

class Builder {
  readonly #table: TurnTable;
  readonly #columns: TurnColumns;
  readonly #seed: number;
  readonly #signal: AbortSignal | undefined;
  #measure: Float64Array;

  constructor(table: TurnTable, { seed, signal }: BuildOptions) {
    this.#table = table;
    this.#columns = table.columns;
    this.#measure = this.#columns.numbers.gapMs;
    this.#seed = seed;
    this.#signal = signal;
  }

  /** Lets signals in: each piece of work takes some 100 ms for a million turns. */
  readonly pause = async (): Promise<void> => {
    await setImmediate();
    this.#signal?.throwIfAborted();
  };

  async #percentiles(isIn?: RowTest): Promise<Percentiles | undefined> {
    await this.pause();
    return percentilesOf(sortedWhere(this.#measure, isIn), this.#seed);
  }

  /** The felt gap if any turn has one; otherwise LiveKit's `e2e_latency`. The two are never mixed. */
  chooseMeasure(sortedMs: BuiltReport['sortedMs']): Pick<TurnReport, 'measure' | 'gap' | 'otherMeasure'> {
    const gap = percentilesOf(sortedMs.feltGap, this.#seed);
    const frameOnly = percentilesOf(sortedMs.firstFrame, this.#seed);
    if (gap || !frameOnly) {
      const otherMeasure = frameOnly && { measure: 'firstFrame' as const, gap: frameOnly };
      return { measure: 'feltGap', gap, otherMeasure };
    }
    this.#measure = this.#columns.numbers.frameMs;
    return { measure: 'firstFrame', gap: frameOnly, otherMeasure: undefined };
  }

  overview(): Pick<TurnReport, 'turns' | 'calls' | 'fromAt' | 'toAt' | 'interrupted'> {
    const { count, numbers, texts, flags } = this.#columns;
    const [fromMs, toMs] = extremes(numbers.atMs);
    const at = (ms: number) => (count === 0 ? undefined : new Date(ms).toISOString());
    return {
      turns: count,
      calls: countKeys(texts.callId).size,
      fromAt: at(fromMs),
      toAt: at(toMs),
      interrupted: countWhere(count, (row) => (flags[row]! & FLAG.interrupted) !== 0),
    };
  }

  llms(): TurnReport['llms'] {
    const { texts, flags, count } = this.#columns;
    const found = new Map<string, TurnReport['llms'][number]>();
    for (let row = 0; row < count; row += 1) {
      const [provider, model] = [texts.provider[row]!, texts.model[row]!];
      if (provider === NO_TEXT) continue;
      const emulated = (flags[row]! & FLAG.isEmulated) !== 0;
      const key = `${provider} ${model} ${emulated}`;
      const known = found.get(key);
      if (known) known.turns += 1;
      else {
        const names = { provider: this.#table.nameOf(provider)!, model: this.#table.nameOf(model)! };
        found.set(key, { ...names, emulated, turns: 1 });
      }
    }
    return [...found.values()].sort((a, b) => b.turns - a.turns);
  }

  /** Why turns have neither measure, without those that failed. */
  problems(): TurnReport['problems'] {
    const { numbers, texts, flags } = this.#columns;
    const isIn = (row: number) =>
      Number.isNaN(numbers.gapMs[row]) &&
      Number.isNaN(numbers.frameMs[row]) &&
      (flags[row]! & FLAG.hasFailed) === 0;
    return [...countKeys(texts.problem, isIn)]
      .map(([index, turns]) => ({ problem: this.#table.nameOf(index)!, turns }))
      .sort((a, b) => b.turns - a.turns)
      .slice(0, MAX_PROBLEMS);
  }

  async kinds(): Promise<ReportGroup[]> {
    const { numbers, flags, count } = this.#columns;
    const has = (flag: number) => (row: number) => (flags[row]! & flag) !== 0;
    const special = FLAG.hasTools | FLAG.bargeIn | FLAG.interrupted;
    const kinds: [string, RowTest][] = [
      ['first turn', (row) => numbers.turn[row] === 1],
      ['tool', has(FLAG.hasTools)],
      ['barge-in', has(FLAG.bargeIn)],
      ['stopped by the caller', has(FLAG.interrupted)],
      ['plain', (row) => numbers.turn[row]! > 1 && (flags[row]! & special) === 0],
    ];
    const groups: ReportGroup[] = [];
    for (const [value, isIn] of kinds) {
      const turns = countWhere(count, isIn);
      if (turns > 0) groups.push({ value, turns, gap: await this.#percentiles(isIn) });
    }
    return groups;
  }

  /** The most frequent groups. */
  async groups(column: TextColumn): Promise<Groups> {
    const keys = this.#columns.texts[column];
    const found = [...countKeys(keys)]
      .map(([key, turns]) => ({ key, value: this.#table.nameOf(key), turns }))
      .sort((a, b) => b.turns - a.turns || compareTexts(a.value, b.value));
    const groups: ReportGroup[] = [];
    for (const { key, value, turns } of found.slice(0, MAX_GROUPS))
      groups.push({ value, turns, gap: await this.#percentiles((row) => keys[row] === key) });
    return { groups, omitted: Math.max(0, found.length - MAX_GROUPS) };
  }

  /** The last steps by time. */
  async #steps(unit: TrendUnit, most: number) {
    const starts = this.#columns.numbers.atMs.map((ms) => stepStart(ms, unit));
    const found = [...countKeys(starts)].sort(([a], [b]) => a - b);
    const steps: { startMs: number; turns: number; gap: Percentiles | undefined }[] = [];
    for (const [startMs, turns] of found.slice(-most))
      steps.push({ startMs, turns, gap: await this.#percentiles((row) => starts[row] === startMs) });
    return { steps, omitted: Math.max(0, found.length - most) };
  }

  async trend(): Promise<TurnReport['trend']> {
    if (this.#columns.count === 0) return { step: 'day', steps: [] };
    const [fromMs, toMs] = extremes(this.#columns.numbers.atMs);
    const days = (toMs - fromMs) / DAY_MS;
    const step = days > MAX_STEPS ? 'month' : days > 2 ? 'day' : 'hour';
    const { steps } = await this.#steps(step, MAX_STEPS);
    return { step, steps: steps.map(({ startMs, ...rest }) => ({ at: stepText(startMs), ...rest })) };
  }

  /** The last days; those of the trend, if it is by day. */
  async days({ step, steps }: TurnReport['trend']): Promise<Groups> {
    if (step === 'day') {
      const groups = steps.slice(-MAX_GROUPS).map(({ at, ...rest }) => ({ value: at.slice(0, 10), ...rest }));
      return { groups, omitted: steps.length - groups.length };
    }
    const { steps: found, omitted } = await this.#steps('day', MAX_GROUPS);
    const groups = found.map(({ startMs, ...rest }) => ({ value: stepText(startMs).slice(0, 10), ...rest }));
    return { groups, omitted };
  }

  /** Parts of a turn as reported by exports. They do not add up to the whole: some ran at the same time. */
  reported(): TurnReport['reported'] {
    const lists = new Map(this.#table.figures('reported').map(({ key, ms }) => [key.name, ms]));
    return REPORTED_DURATIONS.flatMap((name) => {
      const ms = lists.get(name);
      const gap = ms && percentilesOf(sortedWhere(ms.view()), this.#seed);
      return gap ? [{ name, gap }] : [];
    });
  }
}

function extremes(values: Float64Array): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}

function toWorst({ ms, record, file }: SlowTurn): WorstTurn {
  const { segments, hidden } = ledgerOf(record);
  const { llm, imported } = record;
  const kinds = [
    record.turn === 1 && 'first turn',
    record.toolCalls > 0 && 'tool',
    record.bargeIn && 'barge-in',
    record.interrupted && 'stopped by the caller',
  ].filter((kind) => typeof kind === 'string');
  return {
    callId: record.callId,
    turn: record.turn,
    at: new Date(record.at).toISOString(),
    file,
    gapMs: ms,
    provider: llm?.provider,
    model: llm?.model,
    emulated: llm?.emulated === true,
    kinds,
    reported: REPORTED_DURATIONS.flatMap((name) => {
      const reportedMs = imported?.[name];
      return reportedMs === undefined ? [] : [{ name, ms: reportedMs }];
    }),
    segments,
    hidden,
  };
}

function curveOf(sorted: Float64Array): TurnReport['curve'] {
  if (sorted.length === 0) return [];
  return Array.from({ length: CURVE_POINTS + 1 }, (_, at) => {
    const share = at / CURVE_POINTS;
    return { share, gapMs: valueAt(sorted, share * (sorted.length - 1)) };
  });
}

async function groupsOf(builder: Builder, trend: TurnReport['trend']) {
  const groups = {} as TurnReport['groups'];
  const omittedGroups: TurnReport['omittedGroups'] = {};
  for (const dimension of DIMENSIONS) {
    const found: Groups =
      dimension === 'kind'
        ? { groups: await builder.kinds(), omitted: 0 }
        : await (dimension === 'day' ? builder.days(trend) : builder.groups(dimension));
    groups[dimension] = found.groups;
    if (found.omitted > 0) omittedGroups[dimension] = found.omitted;
  }
  return { groups, omittedGroups };
}

/** Computes the report over the turns of a table. The table is not used after that: some of its columns are sorted in place. */
export async function buildReport(table: TurnTable, options: BuildOptions): Promise<BuiltReport> {
  const builder = new Builder(table, options);
  const { gapMs, frameMs } = table.columns.numbers;
  const sortedMs = {
    feltGap: sortedWhere(gapMs),
    firstFrame: sortedWhere(frameMs, (row) => Number.isNaN(gapMs[row])),
  };
  const measured = builder.chooseMeasure(sortedMs);
  const trend = await builder.trend();
  const { groups, omittedGroups } = await groupsOf(builder, trend);
  const segments = await segmentFigures(table.figures('segment'), builder.pause);
  const report: TurnReport = {
    type: 'report',
    schema: 'firstword.report/1',
    read: options.read,
    ...builder.overview(),
    llms: builder.llms(),
    ...measured,
    reported: options.read.imported.length > 0 ? builder.reported() : [],
    problems: builder.problems(),
    ...outcomesOfTable(table),
    silences: await silencesOf(table, { seed: options.seed, pause: builder.pause }),
    groups,
    omittedGroups,
    trend,
    owners: ownerFigures(segments),
    segments,
    worst: (measured.measure === 'feltGap' ? table.slowestGaps : table.slowestFrames).map(toWorst),
    curve: curveOf(sortedMs[measured.measure]),
  };
  return { report, sortedMs };
}
