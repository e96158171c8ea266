import type { RunFile } from '../run-file.js';
import type { BenchArm } from '../sample.js';
import { differenceAt, type PercentileDifference } from './difference.js';
import { timesOf } from './times.js';

/** What one change in the way of asking did to a target, all else equal: a cold connection, a broken prefix. */
export interface VariantChange {
  armId: string;
  /** The way that it is held against: `groq:… · cold` against `groq:…`. */
  baselineId: string;
  /** What differs, in words: `cold`, where the other is `warm`. */
  changed: string;
  baseline: string;
  /** At p50 and p95; empty where one of both was never answered. */
  differences: PercentileDifference[];
}

/** What may be varied, how people read it, and what of it is the usual. */
interface Dimension {
  value(arm: BenchArm): string;
  /** Lower is more usual; the least of those that were asked is held against. */
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
    value: ({ bodyEncoding = 'the usual encoding' }) => bodyEncoding,
    order: ({ bodyEncoding }) => placeIn(ENCODINGS, bodyEncoding),
  },
  {
    value: ({ effort = 'as usual' }) => `effort ${effort}`,
    order: ({ effort }) => placeIn(EFFORTS, effort),
  },
  {
    value: ({ concurrency }) => `${concurrency} at once`,
    order: ({ concurrency }) => concurrency,
  },
];

const PERCENTS = [50, 95] as const;

/** Each arm, with the arm that differs from it in this one thing only, and has the usual of it. */
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

/** What each change in the way of asking did, one thing at a time. All comparisons hold together in 95 of 100 runs. */
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
