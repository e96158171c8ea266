import type { LedgerContext, Owner } from '../ledger/owner.js';
import { toMarkGrid } from '../marks.js';

/** A part of a silence, with its owner. Times are on the marks' clock, ms. */
export interface SilenceSegment {
  /** `from to to`, with the names of two marks, if nothing that was recorded explains the time between them. */
  name: string;
  owner: Owner;
  fromMs: number;
  toMs: number;
  durationMs: number;
}

/** A dependency between two marks: `to` cannot happen before `from`. */
export interface PathEdge<Mark extends string> {
  from: Mark;
  to: Mark;
  name: string;
  owner: (context: LedgerContext) => Owner;
}

/** What is walked: the marks that were recorded, and what each may have waited for. */
export interface Path<Mark extends string> {
  seen: ReadonlyMap<Mark, number>;
  edges: readonly PathEdge<Mark>[];
  start: Mark;
  end: Mark;
  context: LedgerContext;
}

/** What a mark may have waited for: the mark before it, along an edge. */
export interface PathStep<Mark extends string> {
  from: Mark;
  to: Mark;
  /** `undefined` for a jump over marks that were not recorded. */
  edge: PathEdge<Mark> | undefined;
}

/** What `to` may have waited for; marks that were not recorded are jumped over. */
export function stepsInto<Mark extends string>(
  to: Mark,
  { seen, edges }: Pick<Path<Mark>, 'seen' | 'edges'>,
): PathStep<Mark>[] {
  const toMs = seen.get(to)!;
  const steps: PathStep<Mark>[] = [];
  const visited = new Set<Mark>();
  const look = (mark: Mark) => {
    visited.add(mark);
    for (const edge of edges) {
      if (edge.to !== mark) continue;
      const fromMs = seen.get(edge.from);
      // Two marks may wait for each other, in one order or the other: neither waits for itself.
      if (edge.from === to) continue;
      if (fromMs === undefined) {
        if (!visited.has(edge.from)) look(edge.from);
      } else if (fromMs <= toMs) steps.push({ from: edge.from, to, edge: mark === to ? edge : undefined });
    }
  };
  look(to);
  return steps;
}

/** The step that ended last; on a tie an edge rather than a jump, then the first listed. */
function lastStep<Mark extends string>(to: Mark, path: Path<Mark>): PathStep<Mark> | undefined {
  let last: PathStep<Mark> | undefined;
  for (const step of stepsInto(to, path)) {
    const laterMs = last ? path.seen.get(step.from)! - path.seen.get(last.from)! : 1;
    if (laterMs > 0 || (laterMs === 0 && !last!.edge && step.edge)) last = step;
  }
  return last;
}

function segmentOf<Mark extends string>(
  step: PathStep<Mark>,
  context: LedgerContext,
  [fromMs, toMs]: readonly [number, number],
): SilenceSegment {
  return {
    name: step.edge?.name ?? `${step.from} to ${step.to}`,
    owner: step.edge?.owner(context) ?? { kind: 'unaccounted' },
    fromMs,
    toMs,
    durationMs: toMarkGrid(toMs - fromMs),
  };
}

/**
 * Divides the time between two marks. It walks back from `end`, each time to what was waited for last. The segments are contiguous
 * and sum to the time exactly; `hidden` is work that ran at the same time, or before `start`. Both marks must have been recorded,
 * `end` not before `start`.
 */
export function divide<Mark extends string>(
  path: Path<Mark>,
): { segments: SilenceSegment[]; hidden: SilenceSegment[] } {
  const { seen, start, end, context } = path;
  const [startMs, endMs] = [seen.get(start)!, seen.get(end)!];
  const segments: SilenceSegment[] = [];
  const onPath = new Set<Mark>();
  for (let at = end; seen.get(at)! > startMs; ) {
    const found = lastStep(at, path);
    const step = found && !onPath.has(found.from) ? found : { from: start, to: at, edge: undefined };
    onPath.add(at);
    const fromMs = Math.max(startMs, seen.get(step.from)!);
    if (seen.get(at)! > fromMs) segments.unshift(segmentOf(step, context, [fromMs, seen.get(at)!]));
    at = step.from;
  }
  const hidden: SilenceSegment[] = [];
  for (const [mark, ms] of seen) {
    const step = mark === start ? undefined : lastStep(mark, path);
    if (!step?.edge) continue;
    const toMs = Math.min(ms, onPath.has(mark) ? startMs : endMs);
    const fromMs = seen.get(step.from)!;
    if (toMs > fromMs) hidden.push(segmentOf(step, context, [fromMs, toMs]));
  }
  return { segments, hidden: hidden.sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs) };
}
