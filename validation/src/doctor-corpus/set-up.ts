import type { FaultPlan, LimitPlan } from '@firstword/emulator';

/** How an agent and its surroundings are made: plain data, so that what is wrong with it can be told by its differences. */
export interface SetUp {
  calls: number;
  turnsPerCall: number;
  llm: {
    /** A published profile, or percentiles of one's own, ms. */
    profile: string | { p50Ms: number; p95Ms: number; maxMs: number };
    tokensPerSecond: number;
    faults?: FaultPlan;
    limits?: readonly LimitPlan[];
    /** Round trip to the provider, ms. */
    rttMs?: number;
    /** A new client for every request: no connection is ever used again. */
    isColdEachTime?: boolean;
    /** A second provider answers where the first has not by then, ms. */
    failoverAfterMs?: number;
    reasoningEffort?: 'low' | 'high';
    /** What changes in the prompt from request to request. */
    changing?: 'system prompt' | 'tools';
    /** Tokens of instructions, about. */
    promptTokens?: number;
    /** Another provider, asked where no content came by then, ms; never where that is left out. */
    hedge?: { profile: string; afterMs?: number };
    /** The same question of two agents meets the same delay. */
    isByQuestion?: boolean;
    /** A model that its provider does not serve is asked first. */
    asksRetired?: boolean;
  };
  ears: {
    /** From the caller's last sample, ms. */
    interimAfterMs: number;
    finalAfterMs: readonly [fromMs: number, toMs: number];
    /** What interims say: the words, or in the first turns of a call more than them. */
    interims: 'same' | 'other at first';
    /** A preflight transcript spelled otherwise than the final one, as engines with smart formatting give it. */
    isSpelledLate?: boolean;
  };
  voice: { firstByteMs: readonly [fromMs: number, toMs: number]; silenceMs: number };
  turn: {
    minDelayMs: number;
    mode: 'vad' | 'stt';
    /** The user's own code at the end of each turn. */
    hook?: { tookMs: number; editsContext: boolean };
    /** A tool that takes so long, in every other turn. */
    toolMs?: number;
    /** From the agent to the caller's ear, ms. */
    transportMs?: number;
    /** The thread is held so long, so often. */
    blocked?: { forMs: number; everyMs: number };
  };
  levers: { speculation: boolean; preemptiveTts: boolean; clause: boolean; trimSilence: boolean };
  /** LiveKit's own early start at the final transcript. */
  preemptiveGeneration: boolean;
  /** Bounds of Firstword's early start. */
  speculation?: { maxWastedTokensPerCall?: number; minConfidence?: number; minAcceptance?: number };
  /** What the answers are written in. */
  answers: 'English' | 'Hindi';
  /** What is kept of the call. */
  kept: 'turn records' | 'chat history' | 'chat history without the caller';
}

/** Every lever on and nothing wrong: what every case begins with. */
export const HEALTHY: SetUp = {
  calls: 2,
  turnsPerCall: 6,
  llm: { profile: { p50Ms: 180, p95Ms: 260, maxMs: 330 }, tokensPerSecond: 150 },
  ears: { interimAfterMs: 70, finalAfterMs: [150, 210], interims: 'same' },
  voice: { firstByteMs: [60, 100], silenceMs: 20 },
  turn: { minDelayMs: 300, mode: 'vad' },
  levers: { speculation: true, preemptiveTts: true, clause: true, trimSilence: true },
  preemptiveGeneration: true,
  answers: 'English',
  kept: 'turn records',
};

/** Differences from what is healthy, by part. */
export type Difference = {
  [Part in keyof SetUp]?: SetUp[Part] extends object ? Partial<SetUp[Part]> : SetUp[Part];
};

/** What is healthy, with these differences. */
export function setUpOf(difference: Difference): SetUp {
  const made: Record<string, unknown> = { ...HEALTHY };
  for (const [part, value] of Object.entries(difference)) {
    const before = made[part];
    made[part] = typeof value === 'object' && typeof before === 'object' ? { ...before, ...value } : value;
  }
  return made as unknown as SetUp;
}

/** Differences put together: parts are merged, and of one part the later one's fields win. */
export function merged(...differences: readonly Difference[]): Difference {
  const made: Record<string, unknown> = {};
  for (const difference of differences) {
    for (const [part, value] of Object.entries(difference)) {
      const before = made[part];
      made[part] = typeof value === 'object' && typeof before === 'object' ? { ...before, ...value } : value;
    }
  }
  return made as Difference;
}
