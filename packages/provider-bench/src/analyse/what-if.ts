import { percentile } from '@firstword/records';
import { ascending, type Interval, intervalOf } from '@firstword/turn/statistics';
import {
  type HedgeResult,
  type RequestOutcome,
  simulateHedge,
  type WaitPercentiles,
  withoutHedge,
} from './hedge.js';

/** The backup is asked at these percentiles of the primary's own times; 0 asks both at once. */
export const DELAY_PERCENTS = [0, 50, 75, 90, 95] as const;
/** What a router hedges with a budget of one request in ten: the pair to look at first. */
const USUAL_PERCENT = 90;
/** Each draws both sides anew. */
const RESAMPLES = 200;

export interface HedgeWhatIfRow extends HedgeResult {
  /** Of `DELAY_PERCENTS`. */
  delayPercent: number;
  /** How much sooner than the primary alone at p95, ms; negative where later. */
  p95GainMs?: number;
  /** Its 95 % bootstrap interval; worked out for each primary's best backup, at the usual delay. */
  p95Gain?: Interval;
}

/** One arm behind another. */
export interface HedgeWhatIf {
  primary: string;
  backup: string;
  /** Both are one provider: what slows one may slow the other, and the gain may be half of what stands here. */
  sameProvider: boolean;
  alone: WaitPercentiles;
  rows: HedgeWhatIfRow[];
  /** No other backup gives this primary a lower p95 at the usual delay. */
  best: boolean;
}

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

/** Both sides drawn anew, the delay kept. */
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
      // A draw in which more than one in twenty failed has no p95 to gain on.
      return gainOf(simulateHedge(first, second, row), withoutHedge(first)) ?? p95GainMs;
    },
    { resamples: RESAMPLES },
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

/** Every arm behind every arm, itself included: a second request to the same model is a hedge too. */
export function hedgeWhatIfs(arms: readonly HedgeArm[]): HedgeWhatIf[] {
  const answered = arms.filter(({ outcomes }) => outcomes.some(({ failed }) => !failed));
  return answered.flatMap((primary) => ofPrimary(primary, answered));
}
