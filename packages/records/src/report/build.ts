import { isRealtimeTurn, ledger, type Owner, type Segment } from '@firstword/turn';
import type { QueryEngine } from '../engine/engine.js';
import { REPORTED_DURATIONS } from '../engine/load.js';
import { HAS_FAILED, queryOutcomes } from './failures.js';
import { countOf, type Percentiles, percentilesOf, type TurnFilter } from './percentiles.js';
import { querySilences } from './silences.js';
import {
  DIMENSIONS,
  type Dimension,
  type InputSummary,
  type Measure,
  type ReportGroup,
  type TrendStep,
  type TurnReport,
  type WorstTurn,
} from './turn-report.js';

/** Options of `buildReport`. */
export interface BuildOptions {
  /** Number of worst turns to list. */
  worst: number;
  seed?: number;
  /** The name of a file by its number. */
  fileName: (file: number) => string;
  read: InputSummary;
}

const MAX_GROUPS = 12;
const MAX_STEPS = 60;
const CURVE_POINTS = 200;
const COLUMN: Record<Measure, string> = { feltGap: 'gapMs', firstFrame: 'frameMs' };

const KINDS: Record<string, string> = {
  'first turn': 'turn = 1',
  tool: 'toolCalls > 0',
  'barge-in': 'bargeIn',
  'stopped by the caller': 'interrupted',
  plain: 'turn > 1 AND toolCalls = 0 AND NOT bargeIn AND NOT interrupted',
};
const SQL_OF: Record<Exclude<Dimension, 'kind'>, string> = {
  provider: 'provider',
  model: 'model',
  levers: 'levers',
  region: 'region',
  day: 'stoppedAt::DATE',
};

class Builder {
  readonly #engine: QueryEngine;
  readonly #seed: number;
  #column = COLUMN.feltGap;

  constructor(engine: QueryEngine, seed: number) {
    this.#engine = engine;
    this.#seed = seed;
  }

  percentiles(count: number, where?: TurnFilter): Promise<Percentiles | undefined> {
    const measure = this.#column;
    return percentilesOf(this.#engine, { measure, count, seed: this.#seed, ...(where ? { where } : {}) });
  }

  /** The felt gap if any turn has one; otherwise LiveKit's `e2e_latency`. The two are never mixed. */
  async chooseMeasure(): Promise<Pick<TurnReport, 'measure' | 'gap' | 'otherMeasure'>> {
    const gap = await this.percentiles(await countOf(this.#engine, COLUMN.feltGap));
    const where = { sql: 'gapMs IS NULL' };
    const count = await countOf(this.#engine, COLUMN.firstFrame, where);
    const frameOnly = await percentilesOf(this.#engine, {
      measure: COLUMN.firstFrame,
      count,
      where,
      seed: this.#seed,
    });
    if (gap || !frameOnly) {
      const otherMeasure = frameOnly && { measure: 'firstFrame' as const, gap: frameOnly };
      return { measure: 'feltGap', gap, otherMeasure };
    }
    this.#column = COLUMN.firstFrame;
    return { measure: 'firstFrame', gap: frameOnly, otherMeasure: undefined };
  }

  async kinds(): Promise<ReportGroup[]> {
    const groups: ReportGroup[] = [];
    for (const [value, sql] of Object.entries(KINDS)) {
      const [found] = await this.#engine.rows<{ turns: number; count: number }>(
        `SELECT ${this.#counts} FROM turns WHERE ${sql}`,
      );
      const { turns, count } = found!;
      if (turns > 0) groups.push({ value, turns, gap: await this.percentiles(count, { sql }) });
    }
    return groups;
  }

  get #counts(): string {
    return `count(*)::DOUBLE AS turns, count(${this.#column})::DOUBLE AS count`;
  }

  /** The most frequent groups; for days, the last ones, by date. */
  async groups(dimension: Exclude<Dimension, 'kind'>): Promise<{ groups: ReportGroup[]; omitted: number }> {
    const sql = SQL_OF[dimension];
    const order = dimension === 'day' ? 'value DESC' : 'turns DESC, value';
    const found = await this.#engine.rows<{ value: string | null; turns: number; count: number }>(
      `SELECT (${sql})::VARCHAR AS value, ${this.#counts} FROM turns GROUP BY 1 ORDER BY ${order}`,
    );
    const shown = found.slice(0, MAX_GROUPS);
    if (dimension === 'day') shown.reverse();
    const groups: ReportGroup[] = [];
    for (const { value, turns, count } of shown) {
      const where = { sql: `${sql} IS NOT DISTINCT FROM $1`, values: [value] };
      groups.push({ value: value ?? undefined, turns, gap: await this.percentiles(count, where) });
    }
    return { groups, omitted: found.length - shown.length };
  }

  async trend(fromAt: Date, toAt: Date): Promise<TurnReport['trend']> {
    const days = (toAt.getTime() - fromAt.getTime()) / 86_400_000;
    const step = days > MAX_STEPS ? 'month' : days > 2 ? 'day' : 'hour';
    const found = await this.#engine.rows<{ at: string; turns: number; count: number }>(
      `SELECT date_trunc('${step}', stoppedAt)::TIMESTAMP::VARCHAR AS at, ${this.#counts} FROM turns GROUP BY 1 ORDER BY 1`,
    );
    const steps: TrendStep[] = [];
    for (const { at, turns, count } of found.slice(-MAX_STEPS)) {
      const sql = `stoppedAt >= $1::TIMESTAMP AND stoppedAt < $1::TIMESTAMP + INTERVAL 1 ${step}`;
      const gap = await this.percentiles(count, { sql, values: [at] });
      steps.push({ at: `${at.replace(' ', 'T')}Z`, turns, gap });
    }
    return { step, steps };
  }

  /** Parts of a turn as reported by exports. They do not add up to the whole: some ran at the same time. */
  async reported(): Promise<TurnReport['reported']> {
    const durations: TurnReport['reported'] = [];
    for (const name of REPORTED_DURATIONS) {
      const measure = `imported.${name}`;
      const count = await countOf(this.#engine, measure);
      const gap = await percentilesOf(this.#engine, { measure, count, seed: this.#seed });
      if (gap) durations.push({ name, gap });
    }
    return durations;
  }

  async worst(count: number, fileName: BuildOptions['fileName']): Promise<WorstTurn[]> {
    const rows = await this.#engine.rows<WorstRow>(
      `SELECT *, ${this.#column} AS worstMs FROM turns WHERE worstMs IS NOT NULL ORDER BY worstMs DESC, callId, turn LIMIT ${count}`,
    );
    return rows.map((row) => toWorst(row, fileName));
  }

  /** Sorts once for all points, because DuckDB's quantiles search the values again for each point. */
  async curve(count: number): Promise<TurnReport['curve']> {
    if (count === 0) return [];
    const column = this.#column;
    await this.#engine.run(
      `CREATE OR REPLACE TEMP TABLE sorted AS SELECT ${column} AS ms FROM turns WHERE ${column} IS NOT NULL ORDER BY ms`,
    );
    const points = Array.from({ length: CURVE_POINTS + 1 }, (_, at) => at / CURVE_POINTS);
    const ranks = new Set(points.flatMap((share) => ranksAround(share * (count - 1))));
    const found = await this.#engine.rows<{ rank: number; ms: number }>(
      `SELECT rowid::DOUBLE AS rank, ms FROM sorted WHERE rowid IN (${[...ranks].join(', ')})`,
    );
    const msAt = new Map(found.map(({ rank, ms }) => [rank, ms]));
    return points.map((share) => {
      const rank = share * (count - 1);
      const [lowMs, highMs] = ranksAround(rank).map((one) => msAt.get(one)!) as [number, number];
      return { share, gapMs: lowMs + (highMs - lowMs) * (rank - Math.floor(rank)) };
    });
  }
}

const ranksAround = (rank: number): [number, number] => [Math.floor(rank), Math.ceil(rank)];

interface WorstRow {
  file: number;
  callId: string;
  turn: number;
  stoppedAt: Date;
  marks: Record<string, number | null>;
  worstMs: number;
  provider: string | null;
  model: string | null;
  emulated: boolean | null;
  stt: string | null;
  tts: string | null;
  connection: 'cold' | 'resumed' | 'reused' | null;
  bound: string | null;
  detectionBound: string | null;
  toolCalls: number;
  bargeIn: boolean;
  interrupted: boolean;
  imported: Record<string, number | string | null> | null;
}

function toWorst(row: WorstRow, fileName: BuildOptions['fileName']): WorstTurn {
  const marks = Object.fromEntries(
    Object.entries(row.marks).filter((mark): mark is [string, number] => mark[1] !== null),
  );
  const { segments, hidden } = ledger(marks, {
    sttProvider: row.stt ?? undefined,
    llmProvider: row.provider ?? undefined,
    // A realtime model is its own voice.
    ttsProvider:
      row.tts ?? (isRealtimeTurn({ has: (name) => name in marks }) ? row.provider : null) ?? undefined,
    connection: row.connection ?? undefined,
    endpointingSetting: row.bound ?? undefined,
    turnDetectionSetting: row.detectionBound ?? undefined,
  });
  const kinds = [
    row.turn === 1 && 'first turn',
    row.toolCalls > 0 && 'tool',
    row.bargeIn && 'barge-in',
    row.interrupted && 'stopped by the caller',
  ].filter((kind) => typeof kind === 'string');
  return {
    callId: row.callId,
    turn: row.turn,
    at: row.stoppedAt.toISOString(),
    file: fileName(row.file),
    gapMs: row.worstMs,
    provider: row.provider ?? undefined,
    model: row.model ?? undefined,
    emulated: row.emulated === true,
    kinds,
    reported: REPORTED_DURATIONS.flatMap((name) => {
      const ms = row.imported?.[name];
      return typeof ms === 'number' ? [{ name, ms }] : [];
    }),
    segments,
    hidden,
  };
}

interface OwnerRow {
  kind: Owner['kind'];
  owner: string | null;
}

interface SegmentRow extends OwnerRow {
  name: Segment['name'];
  turns: number;
  totalMs: number;
  p50Ms: number;
  p95Ms: number;
  gainTurns: number;
  gainP50Ms: number | null;
  gainP95Ms: number | null;
}

const ownerOf = ({ kind, owner }: OwnerRow): Owner =>
  (owner === null ? { kind } : { kind, name: owner }) as Owner;

async function parts(engine: QueryEngine): Promise<Pick<TurnReport, 'owners' | 'segments'>> {
  const segments = await engine.rows<SegmentRow>('SELECT * FROM segments ORDER BY totalMs DESC');
  const owners = await engine.rows<OwnerRow & { totalMs: number }>(
    'SELECT kind, owner, sum(totalMs) AS totalMs FROM segments GROUP BY ALL ORDER BY totalMs DESC',
  );
  const gapsMs = segments.reduce((sum, row) => sum + row.totalMs, 0);
  const shareOf = (totalMs: number) => (gapsMs > 0 ? totalMs / gapsMs : 0);
  return {
    owners: owners.map(({ totalMs, ...row }) => ({ owner: ownerOf(row), totalMs, share: shareOf(totalMs) })),
    segments: segments.map(({ kind, owner, gainTurns, gainP50Ms, gainP95Ms, ...row }) => ({
      ...row,
      owner: ownerOf({ kind, owner }),
      share: shareOf(row.totalMs),
      gain:
        gainP50Ms === null || gainP95Ms === null
          ? undefined
          : { turns: gainTurns, p50Ms: gainP50Ms, p95Ms: gainP95Ms },
    })),
  };
}

/** The last days of a trend by day, as groups. */
function daysOf(steps: readonly TrendStep[]): { groups: ReportGroup[]; omitted: number } {
  const shown = steps.slice(-MAX_GROUPS);
  const groups = shown.map(({ at, turns, gap }) => ({ value: at.slice(0, 10), turns, gap }));
  return { groups, omitted: steps.length - shown.length };
}

interface Overview {
  turns: number;
  calls: number;
  fromAt: Date | null;
  toAt: Date | null;
  interrupted: number;
}

/** Computes the report over the tables that `loadTurns` and `loadSegments` made. */
export async function buildReport(engine: QueryEngine, options: BuildOptions): Promise<TurnReport> {
  const builder = new Builder(engine, options.seed ?? 1);
  const [overview] = await engine.rows<Overview>(
    `SELECT count(*)::DOUBLE AS turns, count(DISTINCT callId)::DOUBLE AS calls, min(stoppedAt) AS fromAt,
      max(stoppedAt) AS toAt, (count(*) FILTER (WHERE interrupted))::DOUBLE AS interrupted FROM turns`,
  );
  const { turns, calls, fromAt, toAt, interrupted } = overview!;
  const llms = await engine.rows<TurnReport['llms'][number]>(
    `SELECT provider, model, coalesce(emulated, false) AS emulated, count(*)::DOUBLE AS turns FROM turns
      WHERE provider IS NOT NULL GROUP BY ALL ORDER BY turns DESC`,
  );
  const problems = await engine.rows<TurnReport['problems'][number]>(
    `SELECT problem, count(*)::DOUBLE AS turns FROM turns
      WHERE gapMs IS NULL AND frameMs IS NULL AND NOT ${HAS_FAILED} GROUP BY 1 ORDER BY 2 DESC LIMIT 8`,
  );
  const measured = await builder.chooseMeasure();
  const trend = fromAt && toAt ? await builder.trend(fromAt, toAt) : { step: 'day' as const, steps: [] };
  const groups = { kind: await builder.kinds() } as TurnReport['groups'];
  const omittedGroups: TurnReport['omittedGroups'] = {};
  for (const dimension of DIMENSIONS) {
    if (dimension === 'kind') continue;
    const byDay = dimension === 'day' && trend.step === 'day';
    const { groups: found, omitted } = byDay ? daysOf(trend.steps) : await builder.groups(dimension);
    groups[dimension] = found;
    if (omitted > 0) omittedGroups[dimension] = omitted;
  }
  return {
    type: 'report',
    schema: 'firstword.report/1',
    read: options.read,
    turns,
    calls,
    fromAt: fromAt?.toISOString(),
    toAt: toAt?.toISOString(),
    llms,
    ...measured,
    reported: options.read.imported.length > 0 ? await builder.reported() : [],
    problems,
    ...(await queryOutcomes(engine)),
    interrupted,
    silences: await querySilences(engine, options.seed ?? 1),
    groups,
    omittedGroups,
    trend,
    ...(await parts(engine)),
    worst: await builder.worst(options.worst, options.fileName),
    curve: await builder.curve(measured.gap?.count ?? 0),
  };
}
