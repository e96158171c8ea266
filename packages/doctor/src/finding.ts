import type { TurnStage } from './evidence.js';

/**
 * Parts of a felt gap that a finding can explain. Two findings of one part are rivals: they explain the same time. Findings
 * about speculation and about a slow LLM are rivals too, because speculation hides time that a fast LLM would not need.
 */
export type FindingPart =
  | 'data'
  | 'end of turn'
  | 'logic'
  | 'speculation'
  | 'LLM'
  | 'tools'
  | 'hand-off'
  | 'TTS'
  | 'transport'
  | 'machine'
  | 'hello'
  | 'interruptions'
  | 'whole turn';

/** A reference to a turn: its call, its number, and where its record is. */
export interface TurnRef {
  callId: string;
  turn: number;
  /** `file:line`, where known. */
  place?: string;
}

/** One line of evidence: a sentence with its figures, the number of turns that show it, and some of them. */
export interface EvidenceLine {
  text: string;
  turns: number;
  examples: TurnRef[];
}

/**
 * Saving of the change on the examined turns, in ms. `meanMs` is over all of them, including those that do not gain;
 * `lowMs` to `highMs` is its interval: the spread of the turns and of the assumptions.
 */
export interface Saving {
  meanMs: number;
  lowMs: number;
  highMs: number;
  /** Reduction of the median and of the 95th percentile of the turns' gaps. */
  p50Ms: number;
  p95Ms: number;
  /** Turns that it would help. */
  turns: number;
  /** What the estimate assumes. */
  assumes: string;
  /** The stages that the change makes shorter; absent where it moves work instead. */
  stages?: readonly TurnStage[];
}

/** Confidence, 0 to 1, and its reason. */
export interface Confidence {
  value: number;
  why: string;
}

/** What to change: a sentence, and the exact option as code. */
export interface Remedy {
  text: string;
  /** TypeScript, a line for a shell, or what the reader's SDK takes: see `remedyFor`. */
  code?: string;
  /** The same for LiveKit's Python SDK. */
  python?: string;
}

/** What a rule found. */
export interface Finding {
  /** The rule's id, which is also the name of its page: `docs/doctor/<rule>.md`. */
  rule: string;
  title: string;
  /** The finding in one sentence. */
  verdict: string;
  part: FindingPart;
  /** `cause`: this costs time. `unknown`: time is lost here and the data does not show why. `data`: figures that cannot be true. */
  kind: 'cause' | 'unknown' | 'data';
  evidence: EvidenceLine[];
  confidence: Confidence;
  /** Absent where the saving cannot be estimated. */
  saving?: Saving;
  /** The saving is of this silence, on its calls or turns; absent where it is of the felt gap. */
  savingOf?: 'hello' | 'tool' | 'bargeIn';
  /** Share of the examined turns that failed, 0 to 1: the weight, in place of a saving. */
  failedShare?: number;
  /** Something is broken: the level is `high`, whatever time it costs. */
  isBroken?: true;
  /** Weight that the finding has at least, ms: for figures that cannot be true, which cast doubt on the others. */
  leastWeightMs?: number;
  /** Delay of every step of a turn, ms: other findings whose waits are no longer may have the same cause. */
  delaysEveryStepMs?: number;
  fix: { livekit: Remedy; firstword: Remedy };
  /** How to see that the change worked. */
  check: string;
  /** Where the data is not sufficient: what to log next, with a snippet. */
  logNext?: Remedy;
  /** The experiment that separates this cause from its rivals. */
  experiment?: string;
}

/** Levels of findings, the least severe first. */
export const LEVELS = ['low', 'medium', 'high'] as const;
/** How severe a finding is: `high` from 200 ms of weight or where something is broken, `medium` from 60 ms, else `low`. */
export type Level = (typeof LEVELS)[number];

/** A finding with its rank. */
export interface RankedFinding extends Finding {
  /** From 1. */
  rank: number;
  level: Level;
  /** Saving × confidence, ms: the ranking criterion. */
  weightMs: number;
  /** Link to the rule's page: https, or a `file:` URL of this machine before the repository is public. */
  docs: string;
  /** Rules that explain the same milliseconds, the likelier first. */
  rivals: string[];
}
