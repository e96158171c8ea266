import type { BenchArm, BenchSample } from '../sample.js';

/** Counted requests of one arm that met answers of their target still under way, which were not sent together with them. */
export interface Overlap {
  armId: string;
  /** Such requests, of all. */
  count: number;
  of: number;
}

interface Stretch {
  scheduledMs: number;
  fromMs: number;
  toMs: number;
}

const stretchOf = ({ scheduledMs, startedMs, phases }: BenchSample): Stretch => ({
  scheduledMs,
  fromMs: startedMs,
  toMs: startedMs + (phases.endMs ?? 0),
});

/**
 * Where the pace is too quick for steps of concurrency: a request that was to be alone, or one of so many, was not. To
 * a server with a GPU of its own that makes a difference. Arms that met none are left out.
 */
export function overlapsOf(arms: readonly BenchArm[], samples: readonly BenchSample[]): Overlap[] {
  const targetOf = new Map(arms.map(({ id, target }) => [id, target]));
  const stretches = new Map<string, Stretch[]>();
  for (const sample of samples) {
    const target = targetOf.get(sample.armId) ?? '';
    const known = stretches.get(target) ?? [];
    known.push(stretchOf(sample));
    stretches.set(target, known);
  }
  return arms.flatMap(({ id, target }) => {
    const own = samples.filter(({ armId, warmUp }) => armId === id && !warmUp).map(stretchOf);
    const met = own.filter(({ scheduledMs, fromMs }) =>
      stretches
        .get(target)
        ?.some((other) => other.scheduledMs !== scheduledMs && other.fromMs < fromMs && other.toMs > fromMs),
    );
    return met.length === 0 ? [] : [{ armId: id, count: met.length, of: own.length }];
  });
}
