import { MARKS, type MarkName, type Marks, toMarkGrid } from '../marks.js';
import { EDGES, type Edge } from './edges.js';
import type { LedgerContext, Owner } from './owner.js';

/** A stretch of time with one owner. Times are on the marks' clock, in ms. */
export interface Segment {
  name: string;
  owner: Owner;
  fromMs: number;
  toMs: number;
  durationMs: number;
}

/** Where a felt gap went. */
export interface Ledger {
  /**
   * First audible agent sample − last caller speech sample, ms. `undefined` when an end is missing, or when the agent
   * was heard before the caller had finished: `problem` says which.
   */
  feltGapMs: number | undefined;
  /** The critical path, in time order: contiguous, non-negative, from `speechEnded` to the first audible sample. */
  segments: Segment[];
  /** Work that ran while something else was being waited for, or before the caller had finished. Never added. */
  hidden: Segment[];
  /** Marks that were not seen. */
  missing: MarkName[];
  problem: string | undefined;
}

const UNACCOUNTED: Owner = { kind: 'unaccounted' };

const EDGES_INTO = new Map<MarkName, Edge[]>(MARKS.map((mark) => [mark, EDGES.filter((e) => e.to === mark)]));

/** The step that a mark waited for: an edge where both ends were seen, or a bare jump over marks that were not. */
interface Step {
  from: MarkName;
  to: MarkName;
  edge: Edge | undefined;
}

function segment(name: string, owner: Owner, fromMs: number, toMs: number): Segment {
  return { name, owner, fromMs, toMs, durationMs: toMarkGrid(toMs - fromMs) };
}

/** Marks seen, on the grid; anything that is not a finite number counts as missing. */
function seenMarks(marks: Marks): Map<MarkName, number> {
  const seen = new Map<MarkName, number>();
  for (const name of MARKS) {
    const ms = marks[name];
    if (ms !== undefined && Number.isFinite(ms)) seen.set(name, toMarkGrid(ms));
  }
  return seen;
}

/** Every mark that could have been the reason for `to`, looking past marks that are missing or out of order. */
function stepsInto(to: MarkName, seen: Map<MarkName, number>): Step[] {
  const toMs = seen.get(to)!;
  const direct: Step[] = [];
  const beyond: Step[] = [];
  const visited = new Set<MarkName>();
  const look = (mark: MarkName, isDirect: boolean) => {
    for (const edge of EDGES_INTO.get(mark)!) {
      const fromMs = seen.get(edge.from);
      if (fromMs !== undefined && fromMs <= toMs) {
        if (isDirect) direct.push({ from: edge.from, to, edge });
        else beyond.push({ from: edge.from, to, edge: undefined });
      } else if (!visited.has(edge.from)) {
        visited.add(edge.from);
        look(edge.from, false);
      }
    }
  };
  look(to, true);
  return [...direct, ...beyond];
}

/** The step into `to` that ended last; on a tie a known edge before a jump, then the first listed. */
function criticalStep(to: MarkName, seen: Map<MarkName, number>): Step | undefined {
  let best: Step | undefined;
  for (const step of stepsInto(to, seen)) {
    if (!best || seen.get(step.from)! > seen.get(best.from)!) best = step;
  }
  return best;
}

function describe(step: Step, context: LedgerContext): { name: string; owner: Owner } {
  return step.edge
    ? { name: step.edge.name, owner: step.edge.owner(context) }
    : { name: `${step.from} to ${step.to}`, owner: UNACCOUNTED };
}

function criticalPath(end: MarkName, startMs: number, seen: Map<MarkName, number>): Step[] {
  const steps: Step[] = [];
  for (let at = end; seen.get(at)! > startMs; ) {
    const step = criticalStep(at, seen);
    if (!step) {
      steps.unshift({ from: 'speechEnded', to: at, edge: undefined });
      break;
    }
    steps.unshift(step);
    at = step.from;
  }
  return steps;
}

/** Work off the critical path, and the part of the path's first step that ran before the caller had finished. */
function hiddenWork(path: Step[], startMs: number, seen: Map<MarkName, number>, context: LedgerContext) {
  const onPath = new Set(path.map((step) => step.to));
  const hidden: Segment[] = [];
  for (const to of seen.keys()) {
    if (to === 'speechEnded') continue;
    const step = onPath.has(to) ? path.find((s) => s.to === to)! : criticalStep(to, seen);
    if (!step?.edge || step.edge.waiting) continue;
    const fromMs = seen.get(step.from)!;
    const toMs = onPath.has(to) ? Math.min(seen.get(to)!, startMs) : seen.get(to)!;
    if (toMs <= fromMs) continue;
    const { name, owner } = describe(step, context);
    hidden.push(segment(name, owner, fromMs, toMs));
  }
  return hidden.sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs);
}

/**
 * Walks back along the critical path from the first audible sample (where the caller is, if known, else where it
 * leaves the agent) to the last speech sample. The segments sum to the felt gap exactly; time between two marks that
 * no edge joins is `unaccounted`, never guessed.
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

  const path = criticalPath(end, startMs, seen);
  const segments = path
    .map((step, index) => {
      const { name, owner } = describe(step, context);
      const fromMs = index === 0 ? startMs : seen.get(step.from)!;
      return segment(name, owner, fromMs, seen.get(step.to)!);
    })
    .filter((s) => s.toMs > s.fromMs);
  return {
    feltGapMs: toMarkGrid(endMs - startMs),
    segments,
    hidden: hiddenWork(path, startMs, seen, context),
    missing,
    problem: undefined,
  };
}
