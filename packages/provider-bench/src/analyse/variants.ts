import type { RunFile } from '../run-file.js';
import type { BenchArm } from '../sample.js';
import { DEFAULT_SILENCE_MS } from '../targets/realtime-target.js';
import { type ArmDifference, differenceAt } from './difference.js';
import { timesOf } from './times.js';

/** The effect of one changed request setting on a target, all else equal: a cold connection, a broken prefix. */
export interface VariantChange {
  armId: string;
  /** The arm it is compared with: `groq:… · cold` with `groq:…`. */
  baselineId: string;
  /** The changed setting as text, such as `cold`, where the baseline is `warm`. */
  changed: string;
  baseline: string;
  /** At p50 and p95; empty where one of the arms was not answered. */
  differences: ArmDifference[];
}

/** A setting that arms can vary, its display text, and the order that picks the baseline. */
interface Dimension {
  value(arm: BenchArm): string;
  /** The arm with the lowest order is the baseline. */
  order(arm: BenchArm): number;
}

const ENCODINGS = ['json', 'gzip', 'msgpack'];
const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'];
const MODES = ['warm', 'idle', 'cold'];

const placeIn = (values: readonly string[], value: string | undefined) => {
  const at = value === undefined ? -1 : values.indexOf(value);
  return value !== undefined && at < 0 ? values.length : at;
};

const DIMENSIONS: readonly Dimension[] = [
  {
    value: ({ mode, idleMs }) => (idleMs === undefined ? mode : `idle ${idleMs / 1000} s`),
    order: ({ mode, idleMs = 0 }) => placeIn(MODES, mode) + idleMs / 1e9,
  },
  { value: ({ prefix }) => `${prefix} prefix`, order: ({ prefix }) => (prefix === 'stable' ? 0 : 1) },
  {
    value: ({ bodyEncoding = 'default encoding' }) => bodyEncoding,
    order: ({ bodyEncoding }) => placeIn(ENCODINGS, bodyEncoding),
  },
  {
    value: ({ effort = 'default' }) => `effort ${effort}`,
    order: ({ effort }) => placeIn(EFFORTS, effort),
  },
  {
    value: ({ silenceMs }) => (silenceMs === undefined ? 'no silence setting' : `silence ${silenceMs} ms`),
    order: ({ silenceMs = 0 }) => Math.abs(silenceMs - DEFAULT_SILENCE_MS),
  },
  {
    value: ({ concurrency }) => `${concurrency} at once`,
    order: ({ concurrency }) => concurrency,
  },
];

const PERCENTS = [50, 95] as const;

/** Pairs each arm with the baseline that differs from it in this one setting only. */
function pairsOf(arms: readonly BenchArm[], varied: Dimension) {
  const others = DIMENSIONS.filter((one) => one !== varied);
  return arms.flatMap((arm) => {
    const alike = arms.filter(
      (one) => one.target === arm.target && others.every(({ value }) => value(one) === value(arm)),
    );
    const usual = alike.reduce((a, b) => (varied.order(b) < varied.order(a) ? b : a));
    return usual === arm ? [] : [{ arm, usual, changed: varied.value(arm), value: varied.value(usual) }];
  });
}

/** The effect of each varied setting, one at a time. All comparisons hold jointly in 95 of 100 runs. */
export function variantChanges(run: Pick<RunFile, 'arms' | 'samples'>): VariantChange[] {
  const pairs = DIMENSIONS.flatMap((varied) => pairsOf(run.arms, varied));
  const comparisons = pairs.length * PERCENTS.length;
  return pairs.map(({ arm, usual, changed, value }, at) => {
    const [a, b] = [timesOf(run, usual.id), timesOf(run, arm.id)];
    const differences = PERCENTS.flatMap(
      (percent) => differenceAt(a, b, { percent, comparisons, seed: 1 + at }) ?? [],
    );
    return { armId: arm.id, baselineId: usual.id, changed, baseline: value, differences };
  });
}
