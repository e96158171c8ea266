import type { CallOutcome } from './outcome.js';
import type { RatioEstimate } from './ratio.js';
import { type ArmReport, type ComparisonReport, fittedOf } from './report.js';

/** A target of the project, with the measured value. */
export interface ComparisonTarget {
  /** The figure. */
  what: string;
  /** The limit as text: `≤ 0.55`. */
  wanted: string;
  /** Absent where this comparison does not have the figure. */
  measured?: string;
  met?: boolean;
}

/** Target ratios to LiveKit's defaults, by set-up. */
const RATIOS: Readonly<Record<string, { p50: number; p95: number; p99?: number }>> = {
  groq: { p50: 0.55, p95: 0.55 },
  mini: { p50: 0.65, p95: 0.65 },
  'mini-backup': { p50: 0.65, p95: 0.55, p99: 0.35 },
  fastest: { p50: 0.45, p95: 0.35 },
};

/** The same with hosted speech, and with an STT that reports likely ends of turns by itself: LiveKit speculates on those too. */
const HOSTED_RATIOS = { p50: 0.55, p95: 0.6 };
const EAGER_RATIOS = { p50: 0.85 };
const EAGER_STT = /flux/;

/** The LLM with which the targets of hosted speech are defined: by its setup, or its profile. */
const HOSTED_LLM = /^groq/;

function ratiosOf(
  setup: string | undefined,
  speech: string | undefined,
): { p50: number; p95?: number; p99?: number } | undefined {
  if (setup === undefined) return undefined;
  if (speech === undefined) return RATIOS[setup];
  if (!HOSTED_LLM.test(setup)) return undefined;
  return EAGER_STT.test(speech) ? EAGER_RATIOS : HOSTED_RATIOS;
}

/** The arm that the targets apply to. */
const OURS = 'firstword';

/** The arm that is compared with the first one: Firstword where it is present, otherwise the second. */
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

/** A target with an upper (`most`) or a lower (`least`) limit. */
function limit(
  what: string,
  value: number | undefined,
  wanted: { most?: number; least?: number; text: (value: number) => string },
): ComparisonTarget {
  const { most, least, text } = wanted;
  const target = { what, wanted: most === undefined ? `≥ ${text(least!)}` : `≤ ${text(most)}` };
  if (value === undefined) return target;
  return { ...target, measured: text(value), met: most === undefined ? value >= least! : value <= most };
}

const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;
const count = (value: number) => String(value);
const ms = (value: number) => `${Math.round(value)} ms`;

function failureTargets(base: ArmReport, ours: ArmReport): ComparisonTarget[] {
  const per = (arm: ArmReport) => (arm.lines === 0 ? undefined : arm.cutOffs / arm.lines);
  return [
    limit('false cut-offs, of the lines', per(ours), { most: per(base) ?? 0, text: percent }),
    limit('lost replies', ours.lost, { most: 0, text: count }),
    limit('failed turns', ours.failed, { most: 0, text: count }),
    limit('doubled replies', ours.doubled, { most: 0, text: count }),
    limit('wrong (stale) replies', ours.wrong.of === 0 ? undefined : ours.wrong.count, {
      most: 0,
      text: count,
    }),
  ];
}

const afterCommit = (fitted: ArmReport['fitted']): ComparisonTarget =>
  limit('gap − commit delay p50, where LLM and TTS would fit', fitted.afterCommit?.valueMs, {
    most: 60,
    text: ms,
  });

/**
 * Targets that are evaluated over all set-ups together, because a set-up with a slow LLM has too few answers that fit into
 * the end-of-turn delay.
 */
export function jointTargets(comparisons: readonly { calls: readonly CallOutcome[] }[]): ComparisonTarget[] {
  const counted = comparisons
    .flatMap(({ calls }) => calls)
    .filter(({ arm, round }) => arm === OURS && round > 0);
  return counted.length === 0 ? [] : [afterCommit(fittedOf(counted, 1))];
}

/**
 * The targets of a comparison with the measured values. The point estimate decides; its interval is shown with it.
 * @param setup LLM set-up; only some define target ratios
 * @param report its `speech` is the hosted speech; absent for the embedded engines
 * @returns an empty list where there is no `firstword` arm, or no arm to compare it with
 */
export function targetsOf(
  setup: string | undefined,
  { arms, speech }: ComparisonReport & { speech?: { name: string } | undefined },
): ComparisonTarget[] {
  const [base] = arms;
  const ours = arms.find(({ arm, versus }) => arm === OURS && versus);
  if (!base || !ours) return [];
  const wanted = ratiosOf(setup, speech?.name);
  const { versus, speculation, fitted, cpu } = ours;
  return [
    ...(wanted ? [ratioTarget('p50', wanted.p50, versus?.p50)] : []),
    ...(wanted?.p95 === undefined ? [] : [ratioTarget('p95', wanted.p95, versus?.p95)]),
    ...(wanted?.p99 === undefined ? [] : [ratioTarget('p99', wanted.p99, versus?.p99)]),
    afterCommit(fitted),
    ...failureTargets(base, ours),
    limit('speculations kept', speculation.acceptance, { least: speech ? 0.8 : 0.6, text: percent }),
    limit('extra LLM tokens', speculation.extraTokensShare, { most: 0.4, text: percent }),
    limit('added work, of one core', cpu?.added?.share, { most: 0.05, text: percent }),
  ];
}
