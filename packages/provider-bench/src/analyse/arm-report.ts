import type { Percentiles } from '@firstword/records';
import { ascending, median, percentile } from '@firstword/turn/statistics';
import { type BenchArm, type BenchSample, type ContaminationKind, responseMs, ttftMs } from '../sample.js';
import { type Drift, driftOf } from './drift.js';
import { type FeltGapFigures, feltGapFigures, type OtherStages } from './felt-gap.js';
import { type PhaseFigures, phaseFigures } from './phases.js';
import { percentilesOf } from './quantile.js';
import { type Failures, failureOf, failuresOf, type Stragglers, stragglersOf } from './rates.js';
import { type SpeechFigures, speechFigures } from './speech-figures.js';
import { type ArmCost, armCost, type UsageFigures, usageFigures } from './usage.js';
import { valuesOf, withoutUndefined } from './values.js';

/** Samples that load on this machine affected. They are still part of every figure. */
export interface Contamination {
  count: number;
  kinds: { kind: ContaminationKind; count: number }[];
  /** Time to first content without these samples, to show whether they matter; absent where no other is left. */
  without?: Percentiles;
}

/** All figures of one arm. */
export interface BenchArmReport {
  arm: BenchArm;
  /** Counted requests, failed ones included; warm-ups are not. */
  requests: number;
  warmUp?: { count: number; p50Ms: number };
  /**
   * Time to first content from the scheduled send time, ms. Rankings and comparisons use it. Absent where nothing was
   * answered.
   */
  response?: Percentiles;
  /** Time to first content from the actual send time, ms: the provider's own latency. */
  ttft?: Percentiles;
  /** Time to first clause from the scheduled send time, ms. The TTS cannot start earlier. */
  firstClause?: Percentiles;
  /** How late requests were sent, p99, ms; caused by this machine. */
  lateP99Ms: number;
  stragglers?: Stragglers;
  failures?: Failures;
  phases: PhaseFigures[];
  /** Further figures of a speech engine; absent for an LLM. */
  speech?: SpeechFigures;
  felt?: FeltGapFigures;
  cost?: ArmCost;
  usage: UsageFigures;
  drift: Drift;
  contaminated: Contamination;
  byLanguage: { language: string; response: Percentiles }[];
}

const lateMs = ({ scheduledMs, startedMs }: BenchSample) => Math.max(0, startedMs - scheduledMs);

const clauseAtMs = (sample: BenchSample) =>
  sample.phases.firstClauseMs === undefined ? undefined : sample.phases.firstClauseMs + lateMs(sample);

/** When the TTS could start: at the first clause, or at the first content of an answer without a clause. */
const spokenAtMs = (sample: BenchSample) => clauseAtMs(sample) ?? responseMs(sample);

function contaminationOf(samples: readonly BenchSample[]): Contamination {
  const contaminated = samples.filter(({ machine }) => machine.contaminated.length > 0);
  const kinds = new Map<ContaminationKind, number>();
  for (const kind of contaminated.flatMap(({ machine }) => machine.contaminated)) {
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const sound = samples.filter((sample) => !contaminated.includes(sample));
  const without = contaminated.length > 0 ? percentilesOf(valuesOf(sound, responseMs)) : undefined;
  return {
    count: contaminated.length,
    kinds: [...kinds].map(([kind, count]) => ({ kind, count })),
    ...(without ? { without } : {}),
  };
}

function byLanguageOf(answered: readonly BenchSample[]): BenchArmReport['byLanguage'] {
  const languages = [...new Set(answered.map(({ language }) => language))];
  if (languages.length < 2) return [];
  return languages.flatMap((language) => {
    const response = percentilesOf(
      valuesOf(
        answered.filter((sample) => sample.language === language),
        responseMs,
      ),
    );
    return response ? [{ language, response }] : [];
  });
}

/**
 * Computes every figure of one arm.
 * @param all the arm's samples, warm-ups included
 * @param options.arms number of arms in the run, which corrects the drift tests for multiple comparisons
 */
export function armReport(
  arm: BenchArm,
  all: readonly BenchSample[],
  options: { stages: OtherStages; arms: number },
): BenchArmReport {
  const warmUps = valuesOf(
    all.filter(({ warmUp }) => warmUp),
    responseMs,
  );
  const samples = all.filter(({ warmUp }) => !warmUp);
  const answered = samples.filter((sample) => !failureOf(sample));
  const responsesMs = valuesOf(answered, responseMs);
  const spokenMs = valuesOf(answered, spokenAtMs);
  const times = answered.map((sample) => ({ scheduledMs: sample.scheduledMs, ms: responseMs(sample)! }));
  return {
    arm,
    requests: samples.length,
    phases: arm.kind ? [] : phaseFigures(answered),
    usage: usageFigures(answered),
    drift: driftOf(times, { comparisons: options.arms }),
    contaminated: contaminationOf(samples),
    byLanguage: byLanguageOf(answered),
    lateP99Ms: samples.length === 0 ? 0 : percentile(ascending(samples.map(lateMs)), 99),
    ...withoutUndefined({
      warmUp: warmUps.length === 0 ? undefined : { count: warmUps.length, p50Ms: median(warmUps)! },
      response: percentilesOf(responsesMs),
      ttft: percentilesOf(valuesOf(answered, ttftMs)),
      firstClause: percentilesOf(valuesOf(answered, clauseAtMs)),
      stragglers: stragglersOf(responsesMs),
      failures: failuresOf(samples),
      speech: speechFigures(answered, all),
      felt: arm.kind ? undefined : feltGapFigures(spokenMs, samples.length - answered.length, options.stages),
      cost: armCost(samples),
    }),
  };
}
