import type { Percentiles } from '@firstword/records';
import { ascending, median, percentile } from '@firstword/turn/statistics';
import { type Arm, responseMs, type Sample, type Spoil, ttftMs } from '../sample.js';
import { type Drift, driftOf } from './drift.js';
import { type Felt, feltOf, type OtherStages } from './felt.js';
import { type PhaseFigures, phaseFigures } from './phases.js';
import { known, pick } from './pick.js';
import { percentilesOf } from './quantile.js';
import { type Failures, failureOf, failuresOf, type Stragglers, stragglersOf } from './rates.js';
import { type Cost, costOf, type Work, workOf } from './work.js';

/** What of the samples says more about this machine than about the provider. They are in every figure all the same. */
export interface Spoiled {
  count: number;
  kinds: { kind: Spoil; count: number }[];
  /** The percentiles without them, to see whether they matter; absent where none is left. */
  without?: Percentiles;
}

/** One arm, all figures. */
export interface ArmReport {
  arm: Arm;
  /** Counted requests, failed ones included; warm-ups are not. */
  requests: number;
  warmUp?: { count: number; p50Ms: number };
  /**
   * Time to first content from the moment the plan wanted the request sent: what is ranked and compared. Absent where
   * nothing was answered.
   */
  response?: Percentiles;
  /** The same from the moment the request really started: the provider's own. */
  ttft?: Percentiles;
  /** Time to the first clause, the earliest at which a voice can begin, from the planned moment. */
  firstClause?: Percentiles;
  /** How late requests were sent, ms: the machine's doing. */
  lateP99Ms: number;
  stragglers?: Stragglers;
  failures?: Failures;
  phases: PhaseFigures[];
  felt?: Felt;
  cost?: Cost;
  work: Work;
  drift: Drift;
  spoiled: Spoiled;
  byLanguage: { language: string; response: Percentiles }[];
}

const lateMs = ({ scheduledMs, startedMs }: Sample) => Math.max(0, startedMs - scheduledMs);

const clauseAtMs = (sample: Sample) =>
  sample.phases.firstClauseMs === undefined ? undefined : sample.phases.firstClauseMs + lateMs(sample);

/** When a voice could begin: at the first clause, or at the first content where the answer had none. */
const spokenAtMs = (sample: Sample) => clauseAtMs(sample) ?? responseMs(sample);

function spoiledOf(samples: readonly Sample[]): Spoiled {
  const spoiled = samples.filter(({ machine }) => machine.spoiled.length > 0);
  const kinds = new Map<Spoil, number>();
  for (const kind of spoiled.flatMap(({ machine }) => machine.spoiled)) {
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const sound = samples.filter((sample) => !spoiled.includes(sample));
  const without = spoiled.length > 0 ? percentilesOf(pick(sound, responseMs)) : undefined;
  return {
    count: spoiled.length,
    kinds: [...kinds].map(([kind, count]) => ({ kind, count })),
    ...(without ? { without } : {}),
  };
}

function byLanguageOf(answered: readonly Sample[]): ArmReport['byLanguage'] {
  const languages = [...new Set(answered.map(({ language }) => language))];
  if (languages.length < 2) return [];
  return languages.flatMap((language) => {
    const response = percentilesOf(
      pick(
        answered.filter((sample) => sample.language === language),
        responseMs,
      ),
    );
    return response ? [{ language, response }] : [];
  });
}

/** @param options.arms how many arms there are: drift is looked for in each */
export function armReport(
  arm: Arm,
  all: readonly Sample[],
  options: { stages: OtherStages; arms: number },
): ArmReport {
  const warmUps = pick(
    all.filter(({ warmUp }) => warmUp),
    responseMs,
  );
  const samples = all.filter(({ warmUp }) => !warmUp);
  const answered = samples.filter((sample) => !failureOf(sample));
  const responsesMs = pick(answered, responseMs);
  const spokenMs = pick(answered, spokenAtMs);
  const times = answered.map((sample) => ({ scheduledMs: sample.scheduledMs, ms: responseMs(sample)! }));
  return {
    arm,
    requests: samples.length,
    phases: phaseFigures(answered),
    work: workOf(answered),
    drift: driftOf(times, { comparisons: options.arms }),
    spoiled: spoiledOf(samples),
    byLanguage: byLanguageOf(answered),
    lateP99Ms: samples.length === 0 ? 0 : percentile(ascending(samples.map(lateMs)), 99),
    ...known({
      warmUp: warmUps.length === 0 ? undefined : { count: warmUps.length, p50Ms: median(warmUps)! },
      response: percentilesOf(responsesMs),
      ttft: percentilesOf(pick(answered, ttftMs)),
      firstClause: percentilesOf(pick(answered, clauseAtMs)),
      stragglers: stragglersOf(responsesMs),
      failures: failuresOf(samples),
      felt: feltOf(spokenMs, samples.length - answered.length, options.stages),
      cost: costOf(samples),
    }),
  };
}
