import {
  ascending,
  COSTLY_RESAMPLES,
  type Interval,
  intervalOf,
  percentile,
} from '@firstword/turn/statistics';
import {
  type HedgeResult,
  type RequestOutcome,
  simulateHedge,
  type WaitPercentiles,
  withoutHedge,
} from './hedge.js';

/** Simulated hedge delays, as percentiles of the primary's latency; 0 sends both requests at once. */
export const DELAY_PERCENTS = [0, 50, 75, 90, 95] as const;
/** The delay that corresponds to a hedge budget of one request in ten. The best backup is chosen at this delay. */
const USUAL_PERCENT = 90;

/** A simulated hedge at one delay. */
export interface HedgeWhatIfRow extends HedgeResult {
  /** One of `DELAY_PERCENTS`. */
  delayPercent: number;
  /** Reduction of p95 against the primary alone, ms; negative where it increases. */
  p95GainMs?: number;
  /** Its 95 % bootstrap interval; only computed for each primary's best backup, at the p90 delay. */
  p95Gain?: Interval;
}

/** Simulated hedges of one primary with one backup. */
export interface HedgeWhatIf {
  primary: string;
  backup: string;
  /** Both are at one provider. Their slow phases coincide, so the real gain may be half of the simulated one. */
  sameProvider: boolean;
  alone: WaitPercentiles;
  rows: HedgeWhatIfRow[];
  /** No other backup gives this primary a lower p95 at the p90 delay. */
  best: boolean;
}

/** The requests of one arm, as input of the simulation. */
export interface HedgeArm {
  id: string;
  provider: string;
  outcomes: readonly RequestOutcome[];
}

const gainOf = (waits: WaitPercentiles, base: WaitPercentiles) =>
  waits.p95Ms === undefined || base.p95Ms === undefined ? undefined : base.p95Ms - waits.p95Ms;

function rowsOf(primary: HedgeArm, backup: HedgeArm, base: WaitPercentiles): HedgeWhatIfRow[] {
  const timesMs = ascending(primary.outcomes.filter(({ failed }) => !failed).map(({ ms }) => ms));
  return DELAY_PERCENTS.map((delayPercent) => {
    const delayMs = delayPercent === 0 || timesMs.length === 0 ? 0 : percentile(timesMs, delayPercent);
    const found = simulateHedge(primary.outcomes, backup.outcomes, { delayMs });
    const p95GainMs = gainOf(found, base);
    return { ...found, delayPercent, ...(p95GainMs === undefined ? {} : { p95GainMs }) };
  });
}

const usualOf = (rows: readonly HedgeWhatIfRow[]) => rows.find((row) => row.delayPercent === USUAL_PERCENT)!;

/** Adds the bootstrap interval of the gain: both models are resampled, the delay stays fixed. */
function withInterval(row: HedgeWhatIfRow, primary: HedgeArm, backup: HedgeArm): HedgeWhatIfRow {
  const { p95GainMs } = row;
  if (row.delayPercent !== USUAL_PERCENT || p95GainMs === undefined) return row;
  const of = (arm: HedgeArm, side: 'primary' | 'backup') =>
    arm.outcomes.map((outcome, at) => ({ ...outcome, side, key: `${side}/${at}` }));
  const p95Gain = intervalOf(
    [...of(primary, 'primary'), ...of(backup, 'backup')],
    ({ key }) => key,
    (drawn) => {
      const first = drawn.filter(({ side }) => side === 'primary');
      const second = drawn.filter(({ side }) => side === 'backup');
      // A resample with more than 5 % failures has no p95: it then contributes the point estimate.
      return gainOf(simulateHedge(first, second, row), withoutHedge(first)) ?? p95GainMs;
    },
    { resamples: COSTLY_RESAMPLES },
  );
  return p95Gain ? { ...row, p95Gain } : row;
}

function ofPrimary(primary: HedgeArm, arms: readonly HedgeArm[]): HedgeWhatIf[] {
  const base = withoutHedge(primary.outcomes);
  const pairs = arms.map((backup) => ({ backup, rows: rowsOf(primary, backup, base) }));
  const slow = ({ rows }: (typeof pairs)[number]) => usualOf(rows).p95Ms ?? Number.POSITIVE_INFINITY;
  const best = pairs.reduce((a, b) => (slow(b) < slow(a) ? b : a));
  return pairs.map((pair) => ({
    primary: primary.id,
    backup: pair.backup.id,
    sameProvider: primary.provider === pair.backup.provider,
    alone: base,
    rows: pair === best ? pair.rows.map((row) => withInterval(row, primary, pair.backup)) : pair.rows,
    best: pair === best,
  }));
}

/** Simulates hedges for every pair of arms, including an arm with itself: a second request to the same model also helps. */
export function hedgeWhatIfs(arms: readonly HedgeArm[]): HedgeWhatIf[] {
  const answered = arms.filter(({ outcomes }) => outcomes.some(({ failed }) => !failed));
  return answered.flatMap((primary) => ofPrimary(primary, answered));
}
