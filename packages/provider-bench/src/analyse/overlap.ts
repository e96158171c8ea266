import type { BenchArm, BenchSample } from '../sample.js';

/** Counted requests of one arm that overlapped requests to the same target from another burst. */
export interface Overlap {
  armId: string;
  /** Overlapping requests, of all requests of the arm. */
  count: number;
  of: number;
}

interface RequestSpan {
  scheduledMs: number;
  fromMs: number;
  toMs: number;
}

const spanOf = ({ scheduledMs, startedMs, phases }: BenchSample): RequestSpan => ({
  scheduledMs,
  fromMs: startedMs,
  toMs: startedMs + (phases.endMs ?? 0),
});

/**
 * Finds arms whose pace is too fast for their concurrency: more requests were in flight than planned, which matters for a
 * self-hosted server with one GPU. Arms without overlaps are left out.
 */
export function overlapsOf(arms: readonly BenchArm[], samples: readonly BenchSample[]): Overlap[] {
  const targetOf = new Map(arms.map(({ id, target }) => [id, target]));
  const spans = new Map<string, RequestSpan[]>();
  for (const sample of samples) {
    const target = targetOf.get(sample.armId) ?? '';
    const known = spans.get(target) ?? [];
    known.push(spanOf(sample));
    spans.set(target, known);
  }
  return arms.flatMap(({ id, target }) => {
    const own = samples.filter(({ armId, warmUp }) => armId === id && !warmUp).map(spanOf);
    const met = own.filter(({ scheduledMs, fromMs }) =>
      spans
        .get(target)
        ?.some((other) => other.scheduledMs !== scheduledMs && other.fromMs < fromMs && other.toMs > fromMs),
    );
    return met.length === 0 ? [] : [{ armId: id, count: met.length, of: own.length }];
  });
}
