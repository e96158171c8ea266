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

/** How often one percentile's interval held the truth. */
export interface Coverage {
  name: string;
  percent: Percent;
  trueMs: number;
  seeds: number;
  held: number;
  /** Seeds in which the interval had an upper end. */
  closed: number;
  /** Seeds in which all four percentiles' intervals held: what the bench promises of them. */
  together: number;
}

const holds = ({ lowMs = 0, highMs = Number.POSITIVE_INFINITY }: Estimate, trueMs: number) =>
  lowMs <= trueMs && trueMs <= highMs;

export interface Known extends Behaviour {
  name: string;
}

const timesOf = (run: RunFile, armId: string) =>
  run.samples.filter((sample) => sample.armId === armId).map((sample) => responseMs(sample)!);

const seedsTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

/** Draws `requests` answers of a known distribution for each seed, and holds every reported interval against it. */
export function coverageOf(known: Known, options: { requests: number; seeds: number }): Coverage[] {
  const { requests, seeds } = options;
  const target = `truth:${known.name}`;
  const found = seedsTo(seeds).map((seed) =>
    percentilesOf(timesOf(simulatedRun({ arms: [{ ...known, target }], requests, seed }), target)),
  );
  const truths = PERCENTS.map((percent) => ({ percent, trueMs: trueQuantileMs(known, percent / 100) }));
  const together = found.filter((one) =>
    truths.every(({ percent, trueMs }) => holds(one![`p${percent}`], trueMs)),
  ).length;
  return truths.map(({ percent, trueMs }) => {
    const intervals = found.map((one) => one![`p${percent}`]);
    const held = intervals.filter((interval) => holds(interval, trueMs)).length;
    const closed = intervals.filter(({ highMs }) => highMs !== undefined).length;
    return { name: known.name, percent, trueMs, seeds, held, closed, together };
  });
}

/** Seeds in which any of several arms with one and the same distribution was ranked above another. */
export function falseRanks(
  known: Known,
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

/** Injected stragglers, told apart from all others by a gap that no ordinary answer crosses, and reported ones. */
export function stragglerCounts(
  known: Known & Required<Pick<Behaviour, 'stragglerMs'>>,
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

/** The p95 of a hedge by its law, P(T > t) = P(X > t) · P(Y > t − d), ms. */
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

/** How far what-if's p95 lies from its law, as a ratio, for each seed. */
export function hedgeRatios(
  primary: Known,
  backup: Known,
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
