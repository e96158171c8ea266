/**
 * Parts of a felt gap that a finding can explain. Two findings of one part are rivals: they explain the same time.
 * An early start hides the time that a fast LLM would not take: those two are rivals as well.
 */
export type FindingPart =
  | 'data'
  | 'end of turn'
  | 'logic'
  | 'early start'
  | 'LLM'
  | 'tools'
  | 'hand-off'
  | 'voice'
  | 'way to the ear'
  | 'machine'
  | 'whole turn';

/** A turn that shows it, by its call and number, and where its record is. */
export interface TurnRef {
  callId: string;
  turn: number;
  /** `file:line`, where known. */
  place?: string;
}

/** One line of evidence: a sentence with its figures, how many turns stand behind it, and some of them. */
export interface EvidenceLine {
  text: string;
  turns: number;
  examples: TurnRef[];
}

/**
 * What the change would save on the examined turns, in ms. `meanMs` is over all of them, those that it does not help
 * included; `lowMs` to `highMs` is its interval: the spread of the turns, and of what was assumed.
 */
export interface Saving {
  meanMs: number;
  lowMs: number;
  highMs: number;
  /** What the median and the 95th percentile of the turns' gaps would be shorter by. */
  p50Ms: number;
  p95Ms: number;
  /** Turns that it would help. */
  turns: number;
  /** What it takes for granted. */
  assumes: string;
}

/** How sure, 0 to 1, and why. */
export interface Confidence {
  value: number;
  why: string;
}

/** What to change: a sentence, and the exact option as code. */
export interface Remedy {
  text: string;
  code?: string;
}

/** What a rule found. */
export interface Finding {
  /** The rule's id, which is also the name of its page: `docs/doctor/<rule>.md`. */
  rule: string;
  title: string;
  /** One sentence for somebody who reads only that. */
  verdict: string;
  part: FindingPart;
  /** `cause`: this costs time. `unknown`: time is lost here and the data cannot tell why. `data`: what was told is not true. */
  kind: 'cause' | 'unknown' | 'data';
  evidence: EvidenceLine[];
  confidence: Confidence;
  /** Absent where nothing says what it would save. */
  saving?: Saving;
  /** Something is broken, whatever time it costs: it counts as `high`. */
  isBroken?: true;
  /** It holds up any step of a turn by this much, ms: waits that are no longer than that may be nothing else. */
  delaysEveryStepMs?: number;
  fix: { livekit: Remedy; firstword: Remedy };
  /** How to see that the change worked. */
  check: string;
  /** Where the data cannot tell: what to log next, with the snippet. */
  logNext?: Remedy;
  /** The experiment that separates this cause from its rivals. */
  experiment?: string;
}

/** Levels of findings, the least severe first. */
export const LEVELS = ['low', 'medium', 'high'] as const;
/** How severe a finding is: `high` from 200 ms of weight or where something is broken, `medium` from 60 ms, else `low`. */
export type Level = (typeof LEVELS)[number];

/** A finding in its place among the others. */
export interface RankedFinding extends Finding {
  /** From 1. */
  rank: number;
  level: Level;
  /** Saving × confidence, ms: what the ranking goes by. */
  weightMs: number;
  docs: string;
  /** Rules that explain the same milliseconds, the likelier first. */
  rivals: string[];
}
