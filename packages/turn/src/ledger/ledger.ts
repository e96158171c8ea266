import { MARKS, type MarkName, type Marks, seenMarks, toMarkGrid } from '../marks.js';
import { EDGES, type Edge, type SegmentName } from './edges.js';
import type { LedgerContext, Owner } from './owner.js';

/** Name of an `unaccounted` segment: two marks that no edge joins, such as `firstClause to firstAudible`. */
export type UnaccountedName = `${MarkName} to ${MarkName}`;

/** A span of time with one owner. Times are on the marks' clock, ms. */
export interface Segment {
  name: SegmentName | UnaccountedName;
  owner: Owner;
  fromMs: number;
  toMs: number;
  durationMs: number;
}

/** The felt gap of a turn, divided into segments. */
export interface Ledger {
  /**
   * First audible agent sample − last caller speech sample, ms. `undefined` if one of the two is missing, or if the
   * agent was audible before the caller had finished; `problem` says which.
   */
  feltGapMs: number | undefined;
  /** The critical path in time order, from `speechEnded` to the first audible sample: contiguous and non-negative. */
  segments: Segment[];
  /** Work that ran at the same time as the critical path, or before the caller had finished. Not part of the gap. */
  hidden: Segment[];
  /** Marks that were not recorded. */
  missing: MarkName[];
  /** Why there is no felt gap, if there is none. */
  problem: string | undefined;
}

const UNACCOUNTED: Owner = { kind: 'unaccounted' };

const EDGES_INTO = new Map<MarkName, Edge[]>(MARKS.map((mark) => [mark, EDGES.filter((e) => e.to === mark)]));

/** What a mark may have waited for: an edge between two recorded marks, or a jump over marks that were not recorded. */
export interface LedgerStep {
  from: MarkName;
  to: MarkName;
  /** `undefined` for a jump. */
  edge: Edge | undefined;
}

/**
 * Every recorded mark that `to` may have waited for, found by skipping marks that were not recorded. `to` cannot have
 * waited for a mark that happened later, so such a mark is skipped only if there is no other candidate.
 *
 * @param seen the recorded marks, ms; must contain `to`
 */
export function stepsInto(to: MarkName, seen: Map<MarkName, number>): LedgerStep[] {
  const toMs = seen.get(to)!;
  const direct: LedgerStep[] = [];
  const beyond: LedgerStep[] = [];
  const late: MarkName[] = [];
  const visited = new Set<MarkName>();
  const look = (mark: MarkName) => {
    visited.add(mark);
    for (const edge of EDGES_INTO.get(mark)!) {
      const fromMs = seen.get(edge.from);
      if (fromMs === undefined) {
        if (!visited.has(edge.from)) look(edge.from);
      } else if (fromMs > toMs) late.push(edge.from);
      else if (mark === to) direct.push({ from: edge.from, to, edge });
      else beyond.push({ from: edge.from, to, edge: undefined });
    }
  };
  look(to);
  while (direct.length + beyond.length === 0 && late.length > 0) {
    for (const mark of late.splice(0)) if (!visited.has(mark)) look(mark);
  }
  return [...direct, ...beyond];
}

/** The step into `to` whose `from` happened last. On a tie, an edge is preferred to a jump, then the first listed. */
function criticalStep(to: MarkName, seen: Map<MarkName, number>): LedgerStep | undefined {
  let best: LedgerStep | undefined;
  for (const step of stepsInto(to, seen)) {
    if (!best || seen.get(step.from)! > seen.get(best.from)!) best = step;
  }
  return best;
}

function describe(step: LedgerStep, context: LedgerContext): Pick<Segment, 'name' | 'owner'> {
  return step.edge
    ? { name: step.edge.name, owner: step.edge.owner(context) }
    : { name: `${step.from} to ${step.to}`, owner: UNACCOUNTED };
}

/**
 * Walks from `end` back to the last speech sample. Every mark can be reached from `speechEnded`, so a step is always
 * found.
 */
function criticalPath(end: MarkName, startMs: number, seen: Map<MarkName, number>): LedgerStep[] {
  const steps: LedgerStep[] = [];
  for (let at = end; seen.get(at)! > startMs; ) {
    const step = criticalStep(at, seen)!;
    steps.unshift(step);
    at = step.from;
  }
  return steps;
}

/**
 * Work off the critical path, and the part of the path's first step that ran before the caller had finished. Work after
 * the first audible sample is left out, because it is not part of the gap.
 */
function hiddenWork(path: LedgerStep[], startMs: number, endMs: number, seen: Map<MarkName, number>) {
  const onPath = new Map(path.map((step) => [step.to, step]));
  const hidden: { step: LedgerStep; fromMs: number; toMs: number }[] = [];
  for (const [to, atMs] of seen) {
    if (to === 'speechEnded') continue;
    const step = onPath.get(to) ?? criticalStep(to, seen);
    if (!step?.edge || step.edge.waiting) continue;
    const fromMs = seen.get(step.from)!;
    const toMs = Math.min(atMs, onPath.has(to) ? startMs : endMs);
    if (toMs > fromMs) hidden.push({ step, fromMs, toMs });
  }
  return hidden.sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs);
}

/**
 * Divides the felt gap into segments. It walks back along the critical path from the first audible sample (at the caller
 * if known, otherwise as it leaves the agent) to the last speech sample. The segments sum to the felt gap exactly. Time
 * between two marks that no edge joins is `unaccounted`.
 *
 * @param context names of providers and settings, for the owners
 */
export function ledger(marks: Marks, context: LedgerContext = {}): Ledger {
  const seen = seenMarks(marks);
  const missing = MARKS.filter((name) => !seen.has(name));
  const none = (problem: string): Ledger => ({
    feltGapMs: undefined,
    segments: [],
    hidden: [],
    missing,
    problem,
  });

  const startMs = seen.get('speechEnded');
  const end: MarkName = seen.has('callerHeard') ? 'callerHeard' : 'firstAudible';
  const endMs = seen.get(end);
  if (startMs === undefined) return none('the end of the caller’s speech was not seen');
  if (endMs === undefined) return none('no audible answer was seen');
  if (endMs < startMs) return none('the agent was heard before the caller had finished');

  const toSegment = (step: LedgerStep, fromMs: number, toMs: number): Segment => ({
    ...describe(step, context),
    fromMs,
    toMs,
    durationMs: toMarkGrid(toMs - fromMs),
  });
  const path = criticalPath(end, startMs, seen);
  return {
    feltGapMs: toMarkGrid(endMs - startMs),
    // The first step may have begun while the caller still spoke; only the time after that is gap.
    segments: path
      .map((step) => toSegment(step, Math.max(startMs, seen.get(step.from)!), seen.get(step.to)!))
      .filter((s) => s.toMs > s.fromMs),
    hidden: hiddenWork(path, startMs, endMs, seen).map((h) => toSegment(h.step, h.fromMs, h.toMs)),
    missing,
    problem: undefined,
  };
}
