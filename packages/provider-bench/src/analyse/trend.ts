import type { Estimate, Percentiles } from '@firstword/records';
import { FirstwordError } from '@firstword/turn';
import { z } from 'zod';
import type { BenchArmReport } from './arm-report.js';
import type { BenchReport } from './report.js';

/** The `schema` of a line of a history. */
export const TREND_SCHEMA = 'firstword.bench-trend/1';

const estimate = z.object({
  valueMs: z.number(),
  lowMs: z.number().optional(),
  highMs: z.number().optional(),
});
const share = z.object({ share: z.number(), low: z.number(), high: z.number() });

const armPointSchema = z.object({
  armId: z.string(),
  emulated: z.boolean(),
  /** Requests answered. */
  count: z.int().min(0),
  p50: estimate.optional(),
  p95: estimate.optional(),
  stragglers: share.optional(),
  errors: share.optional(),
});

const trendPointSchema = z.object({
  schema: z.literal(TREND_SCHEMA),
  /** ISO 8601. */
  startedAt: z.iso.datetime(),
  region: z.string().optional(),
  partial: z.boolean(),
  arms: z.array(armPointSchema),
});
/** Key figures of one run: a line of a history file. */
export type TrendPoint = z.infer<typeof trendPointSchema>;

const rounded = (ms: number) => Math.round(ms * 100) / 100;

function shortened({ valueMs, lowMs, highMs }: Estimate) {
  return {
    valueMs: rounded(valueMs),
    ...(lowMs === undefined ? {} : { lowMs: rounded(lowMs) }),
    ...(highMs === undefined ? {} : { highMs: rounded(highMs) }),
  };
}

const bothOf = (response: Percentiles | undefined) =>
  response ? { p50: shortened(response.p50), p95: shortened(response.p95) } : {};

function rateOf(rate: { share: number; low: number; high: number } | undefined) {
  return rate && { share: rate.share, low: rate.low, high: rate.high };
}

function armPoint({ arm, response, stragglers, failures }: BenchArmReport): TrendPoint['arms'][number] {
  return {
    armId: arm.id,
    emulated: arm.emulated,
    count: response?.count ?? 0,
    ...bothOf(response),
    ...(stragglers ? { stragglers: rateOf(stragglers)! } : {}),
    ...(failures ? { errors: rateOf(failures)! } : {}),
  };
}

/** The key figures of a report, as one point of a trend. Times are rounded to 0.01 ms. */
export function trendPoint(report: BenchReport, options: { region?: string | undefined } = {}): TrendPoint {
  return {
    schema: TREND_SCHEMA,
    startedAt: report.startedAt,
    ...(options.region === undefined ? {} : { region: options.region }),
    partial: report.partial !== undefined,
    arms: report.arms.map(armPoint),
  };
}

/**
 * Reads a history, one point per line, and sorts it by time. A last line truncated by a crash is skipped. If a run occurs
 * more than once (resumed or shown again), its last line counts.
 * @param name of the file, for messages
 * @throws FirstwordError `record_invalid` for any other invalid line, or for a history without a run
 */
export function parseTrend(text: string, name: string): TrendPoint[] {
  const lines = text.split('\n');
  const points = lines.flatMap((line, at): TrendPoint[] => {
    if (line.trim() === '') return [];
    const parsed = trendPointSchema.safeParse(jsonOf(line));
    if (parsed.success) return [parsed.data];
    if (at === lines.length - 1) return [];
    throw new FirstwordError(
      'record_invalid',
      `${name}, line ${at + 1}, is not a line of a firstword bench history: fix or remove it.`,
    );
  });
  if (points.length === 0) {
    throw new FirstwordError(
      'record_invalid',
      `${name} holds no run: append one with firstword bench --history.`,
    );
  }
  const runs = new Map(points.map((point) => [point.startedAt, point]));
  return [...runs.values()].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
