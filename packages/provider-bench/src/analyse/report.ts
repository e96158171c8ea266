import type { RunFile } from '../run-file.js';
import { type BenchArm, type BenchSample, responseMs } from '../sample.js';
import { armReport, type BenchArmReport } from './arm-report.js';
import { DEFAULT_STAGES, type OtherStages } from './felt-gap.js';
import type { RequestOutcome } from './hedge.js';
import { ESTIMATOR } from './quantile.js';
import { RANKED_PERCENTS, type Ranking, rankingAt } from './ranking.js';
import { failureOf } from './rates.js';
import { timesOf } from './times.js';
import { type VariantChange, variantChanges } from './variants.js';
import { type HedgeWhatIf, hedgeWhatIfs } from './what-if.js';

/** The `schema` of a report in JSON. */
export const REPORT_SCHEMA = 'firstword.bench-report/1';

/** All figures of one run. The samples themselves are in the run file. */
export interface BenchReport {
  type: 'bench-report';
  schema: typeof REPORT_SCHEMA;
  /** How the percentiles and their intervals are computed, as text. */
  estimator: string;
  /** Where the other stages of a turn come from, to which `felt` adds the LLM's latency. */
  otherStages: string;
  startedAt: string;
  finishedAt: string;
  partial?: RunFile['partial'];
  arms: BenchArmReport[];
  /** One per ranked percentile; empty for a single arm. */
  rankings: Ranking[];
  /** The effect of each varied setting (cold connection, broken prefix, …) against its baseline; empty without any. */
  variants: VariantChange[];
  /** Simulated hedges for every pair of arms: warm, stable prefix and concurrency 1 where there are such arms. */
  whatIf: HedgeWhatIf[];
}

function outcomesOf(samples: readonly BenchSample[]): RequestOutcome[] {
  return samples.map((sample) => {
    const failed = failureOf(sample) !== undefined;
    const ms = (failed ? sample.phases.endMs : responseMs(sample)) ?? 0;
    return { ms, failed, ...(sample.costUsd === undefined ? {} : { costUsd: sample.costUsd }) };
  });
}

/** Arms that are plausible hedges in a call: warm, stable prefix, concurrency 1. All arms where there are none. */
function hedgeable<T extends { arm: BenchArm; samples: readonly BenchSample[] }>(counted: readonly T[]): T[] {
  const measured = counted.filter(({ samples }) => samples.length > 0);
  const usual = measured.filter(
    ({ arm }) => arm.concurrency === 1 && arm.mode === 'warm' && arm.prefix === 'stable',
  );
  return usual.length > 0 ? usual : measured;
}

/** The rankings of the arms of each kind that has several. */
function rankingsOf(run: RunFile): Ranking[] {
  const kinds = [...new Set(run.arms.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => {
    const arms = run.arms.filter((arm) => arm.kind === kind);
    const times = arms.map(({ id }) => ({ armId: id, timesMs: timesOf(run, id) }));
    if (times.length < 2) return [];
    return RANKED_PERCENTS.map((percent) => ({ ...rankingAt(times, percent), ...(kind ? { kind } : {}) }));
  });
}

/**
 * Computes every figure of a run. Pure: the same run gives the same report.
 * @param options.stages the other stages of the user's turns; default `DEFAULT_STAGES`
 */
export function benchReport(run: RunFile, options: { stages?: OtherStages } = {}): BenchReport {
  const stages = options.stages ?? DEFAULT_STAGES;
  const samplesOf = (armId: string) => run.samples.filter((sample) => sample.armId === armId);
  const counted = run.arms.map((arm) => ({
    arm,
    samples: samplesOf(arm.id).filter(({ warmUp }) => !warmUp),
  }));
  return {
    type: 'bench-report',
    schema: REPORT_SCHEMA,
    estimator: ESTIMATOR,
    otherStages: stages.source,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    ...(run.partial ? { partial: run.partial } : {}),
    arms: run.arms.map((arm) => armReport(arm, samplesOf(arm.id), { stages, arms: run.arms.length })),
    rankings: rankingsOf(run),
    variants: variantChanges(run),
    whatIf: hedgeWhatIfs(
      hedgeable(counted.filter(({ arm }) => !arm.kind)).map(({ arm, samples }) => ({
        id: arm.id,
        provider: arm.provider,
        outcomes: outcomesOf(samples),
      })),
    ),
  };
}
