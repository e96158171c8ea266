import type { RunFile } from '@firstword/provider-bench';
import {
  PERCENTS,
  type Percent,
  percentilesOf,
  type RankedTimes,
  rankingAt,
  responseMs,
  simulateHedge,
  stragglersOf,
} from '@firstword/provider-bench';
import { type Behaviour, simulatedRun, trueCdf, trueQuantileMs } from '@firstword/provider-bench/testing';
import type { Estimate } from '@firstword/records';

/** How often the interval of one percentile covered the true value. */
export interface Coverage {
  name: string;
  percent: Percent;
  trueMs: number;
  seeds: number;
  covered: number;
  /** Seeds in which the interval had an upper bound. */
  closed: number;
  /** Seeds in which the intervals of all four percentiles covered the true values. The bench promises joint coverage. */
  allHeld: number;
}

const holds = ({ lowMs = 0, highMs = Number.POSITIVE_INFINITY }: Estimate, trueMs: number) =>
  lowMs <= trueMs && trueMs <= highMs;

/** A named TTFT distribution. */
export interface KnownDistribution extends Behaviour {
  name: string;
}

const timesOf = (run: RunFile, armId: string) =>
  run.samples.filter((sample) => sample.armId === armId).map((sample) => responseMs(sample)!);

const seedsTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

/** Draws `requests` responses from a known distribution for each seed and checks every reported interval. */
export function coverageOf(
  known: KnownDistribution,
  options: { requests: number; seeds: number },
): Coverage[] {
  const { requests, seeds } = options;
  const target = `truth:${known.name}`;
  const found = seedsTo(seeds).map((seed) =>
    percentilesOf(timesOf(simulatedRun({ arms: [{ ...known, target }], requests, seed }), target)),
  );
  const truths = PERCENTS.map((percent) => ({ percent, trueMs: trueQuantileMs(known, percent / 100) }));
  const allHeld = found.filter((one) =>
    truths.every(({ percent, trueMs }) => holds(one![`p${percent}`], trueMs)),
  ).length;
  return truths.map(({ percent, trueMs }) => {
    const intervals = found.map((one) => one![`p${percent}`]);
    const covered = intervals.filter((interval) => holds(interval, trueMs)).length;
    const closed = intervals.filter(({ highMs }) => highMs !== undefined).length;
    return { name: known.name, percent, trueMs, seeds, covered, closed, allHeld };
  });
}

/** Number of seeds in which one of several arms with the same distribution was ranked above another. */
export function falseRanks(
  known: KnownDistribution,
  options: { arms: number; requests: number; seeds: number },
): { percent: Percent; seeds: number; ranked: number }[] {
  const { arms, requests, seeds } = options;
  const times = seedsTo(seeds).map((seed): RankedTimes[] => {
    const same = Array.from({ length: arms }, (_, at) => ({ ...known, target: `truth:${at}` }));
    const run = simulatedRun({ arms: same, requests, seed });
    return run.arms.map(({ id }) => ({ armId: id, timesMs: timesOf(run, id) }));
  });
  return ([50, 95] as const).map((percent) => ({
    percent,
    seeds,
    ranked: times.filter((one) => rankingAt(one, percent).arms.some(({ rank }) => rank > 1)).length,
  }));
}

/** Injected and reported stragglers per seed. The injected ones are far slower than any other response. */
export function stragglerCounts(
  known: KnownDistribution & Required<Pick<Behaviour, 'stragglerMs'>>,
  options: { requests: number; seeds: number },
): { injected: number; reported: number }[] {
  return seedsTo(options.seeds).map((seed) => {
    const target = `truth:${known.name}`;
    const run = simulatedRun({ arms: [{ ...known, target }], requests: options.requests, seed });
    const times = timesOf(run, target);
    return {
      injected: times.filter((ms) => ms >= known.stragglerMs).length,
      reported: stragglersOf(times)!.count,
    };
  });
}

/** Quantile of a hedged request by the formula P(T > t) = P(X > t) · P(Y > t − d), ms. */
export function trueHedgeMs(
  primary: Behaviour,
  backup: Behaviour,
  delayMs: number,
  quantile: number,
): number {
  const waiting = (ms: number) => (1 - trueCdf(primary, ms)) * (1 - trueCdf(backup, ms - delayMs));
  let [low, high] = [0, 1];
  while (waiting(high) > 1 - quantile) high *= 2;
  while (high - low > 1e-6 * high) {
    const middle = (low + high) / 2;
    if (waiting(middle) > 1 - quantile) low = middle;
    else high = middle;
  }
  return high;
}

/** Ratio of the p95 predicted by what-if to the p95 by the formula, for each seed. */
export function hedgeRatios(
  primary: KnownDistribution,
  backup: KnownDistribution,
  options: { delayMs: number; requests: number; seeds: number },
): number[] {
  const { delayMs, requests, seeds } = options;
  const trueMs = trueHedgeMs(primary, backup, delayMs, 0.95);
  return seedsTo(seeds).map((seed) => {
    const arms = [primary, backup].map((one) => ({ ...one, target: `truth:${one.name}` }));
    const run = simulatedRun({ arms, requests, seed });
    const [first, second] = run.arms.map(({ id }) => timesOf(run, id).map((ms) => ({ ms, failed: false })));
    return simulateHedge(first!, second!, { delayMs }).p95Ms! / trueMs;
  });
}
