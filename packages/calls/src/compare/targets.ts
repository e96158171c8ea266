import type { CallOutcome } from './outcome.js';
import type { RatioEstimate } from './ratio.js';
import { type ArmReport, type ComparisonReport, fittedOf } from './report.js';

/** A figure that the project wants to reach, beside what was measured. */
export interface ComparisonTarget {
  what: string;
  wanted: string;
  /** Absent where this comparison has nothing to tell. */
  measured?: string;
  met?: boolean;
}

/** The ratios to LiveKit's defaults that are wanted, by set-up. */
const RATIOS: Readonly<Record<string, { p50: number; p95: number; p99?: number }>> = {
  groq: { p50: 0.55, p95: 0.55 },
  mini: { p50: 0.65, p95: 0.65 },
  'mini-backup': { p50: 0.65, p95: 0.55, p99: 0.35 },
  fastest: { p50: 0.45, p95: 0.35 },
};

/** The arm whose figures the targets are about. */
const OURS = 'firstword';

/** The arm that is shown against the first: Firstword where it is there. */
export function otherArm(arms: readonly string[]): string | undefined {
  return arms.slice(1).find((arm) => arm === OURS) ?? arms[1];
}

function ratioTarget(name: string, wanted: number, found: RatioEstimate | undefined): ComparisonTarget {
  const what = `felt gap ${name}, ratio`;
  if (!found) return { what, wanted: `≤ ${wanted}` };
  const { ratio, low, high } = found;
  const interval = low === undefined ? '' : ` (${low.toFixed(2)}–${high!.toFixed(2)})`;
  return { what, wanted: `≤ ${wanted}`, measured: `${ratio.toFixed(2)}${interval}`, met: ratio <= wanted };
}

/** A figure that must not be larger than what is wanted, or smaller, where `least` says so. */
function limit(
  what: string,
  value: number | undefined,
  wanted: { most?: number; least?: number; text: (value: number) => string },
): ComparisonTarget {
  const { most, least, text } = wanted;
  const told = { what, wanted: most === undefined ? `≥ ${text(least!)}` : `≤ ${text(most)}` };
  if (value === undefined) return told;
  return { ...told, measured: text(value), met: most === undefined ? value >= least! : value <= most };
}

const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;
const count = (value: number) => String(value);
const ms = (value: number) => `${Math.round(value)} ms`;

function failureTargets(base: ArmReport, ours: ArmReport): ComparisonTarget[] {
  const per = (arm: ArmReport) => (arm.lines === 0 ? undefined : arm.cutOffs / arm.lines);
  return [
    limit('false cut-offs, of the lines', per(ours), { most: per(base) ?? 0, text: percent }),
    limit('lost replies', ours.lost, { most: 0, text: count }),
    limit('doubled replies', ours.doubled, { most: 0, text: count }),
    limit('wrong (stale) replies', ours.wrong.of === 0 ? undefined : ours.wrong.count, {
      most: 0,
      text: count,
    }),
  ];
}

const afterCommit = (fitted: ArmReport['fitted']): ComparisonTarget =>
  limit('gap − commit delay p50, where LLM and voice would fit', fitted.afterCommit?.valueMs, {
    most: 60,
    text: ms,
  });

/**
 * What is wanted of all set-ups together: a slow LLM's answers seldom fit into the commit delay, and those that do hardly
 * do, so that one of them alone says little of it.
 */
export function jointTargets(comparisons: readonly { calls: readonly CallOutcome[] }[]): ComparisonTarget[] {
  const counted = comparisons
    .flatMap(({ calls }) => calls)
    .filter(({ arm, round }) => arm === OURS && round > 0);
  return counted.length === 0 ? [] : [afterCommit(fittedOf(counted, 1))];
}

/**
 * What the project wants of a comparison, and what it got. A point estimate decides; the interval is shown with it.
 * @param setup one of the LLM set-ups that ratios are stated for; for others there are no ratios
 * @returns nothing where there is no `firstword` arm, or nothing to hold it against
 */
export function targetsOf(setup: string | undefined, { arms }: ComparisonReport): ComparisonTarget[] {
  const [base] = arms;
  const ours = arms.find(({ arm, versus }) => arm === OURS && versus);
  if (!base || !ours) return [];
  const wanted = setup === undefined ? undefined : RATIOS[setup];
  const { versus, speculation, fitted, cpu } = ours;
  return [
    ...(wanted
      ? [ratioTarget('p50', wanted.p50, versus?.p50), ratioTarget('p95', wanted.p95, versus?.p95)]
      : []),
    ...(wanted?.p99 === undefined ? [] : [ratioTarget('p99', wanted.p99, versus?.p99)]),
    afterCommit(fitted),
    ...failureTargets(base, ours),
    limit('speculations kept', speculation.acceptance, { least: 0.6, text: percent }),
    limit('extra LLM tokens', speculation.extraTokensShare, { most: 0.4, text: percent }),
    limit('added work, of one core', cpu?.added?.share, { most: 0.05, text: percent }),
  ];
}
