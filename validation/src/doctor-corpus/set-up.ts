import type { FaultPlan, LimitPlan } from '@firstword/emulator';

/** An agent, its providers and its caller as plain data, so that a case is described by its changes to a healthy agent. */
export interface SetUp {
  calls: number;
  turnsPerCall: number;
  llm: {
    /** Name of a published profile, or TTFT percentiles, ms. */
    profile: string | { p50Ms: number; p95Ms: number; maxMs: number };
    tokensPerSecond: number;
    faults?: FaultPlan;
    limits?: readonly LimitPlan[];
    /** Round trip to the provider, ms. */
    rttMs?: number;
    /** Create a new client for every request, so that no connection is reused. */
    isColdEachTime?: boolean;
    /** Fail over to a second provider if no content has arrived after this time, ms. */
    failoverAfterMs?: number;
    reasoningEffort?: 'low' | 'high';
    /** Part of the prompt that changes with every request and breaks the prefix cache. */
    changing?: 'system prompt' | 'tools';
    /** Approximate length of the instructions, tokens. */
    promptTokens?: number;
    /** A second provider to hedge with after `afterMs`; without `afterMs` it is configured but never asked. */
    hedge?: { profile: string; afterMs?: number };
    /** Draw delays per question, so that two agents get the same delay for the same question. */
    isByQuestion?: boolean;
    /** Ask a model first that its provider no longer serves. */
    asksRetired?: boolean;
  };
  stt: {
    /** Time from the caller's last sample to the interim transcript, ms. */
    interimAfterMs: number;
    /** Range of the time from the caller's last sample to the final transcript, ms. */
    finalAfterMs: readonly [fromMs: number, toMs: number];
    /** Words of the interims: the final words, or additional ones in the first turns of a call. */
    interims: 'same' | 'other at first';
    /** Send a preflight transcript that is formatted differently from the final one, as with smart formatting. */
    isSpelledLate?: boolean;
  };
  /** Time to the first byte and leading silence, ms. */
  tts: { firstByteMs: readonly [fromMs: number, toMs: number]; silenceMs: number };
  turn: {
    /** LiveKit's minimum endpointing delay, ms. */
    minDelayMs: number;
    /** Turn detection. */
    mode: 'vad' | 'stt';
    /** The user's own code in onUserTurnCompleted. */
    hook?: { tookMs: number; editsContext: boolean };
    /** Duration of a tool call in every second turn, ms. */
    toolMs?: number;
    /** Time from the agent to the caller, ms. */
    transportMs?: number;
    /** Blocks the event loop for `forMs`, every `everyMs`. */
    blocked?: { forMs: number; everyMs: number };
  };
  levers: { speculation: boolean; preemptiveTts: boolean; clause: boolean; trimSilence: boolean };
  /** LiveKit's preemptive generation at the final transcript. */
  preemptiveGeneration: boolean;
  /** Limits of Firstword's speculation. */
  speculation?: { maxWastedTokensPerCall?: number; minConfidence?: number; minAcceptance?: number };
  /** Language of the answers. */
  answers: 'English' | 'Hindi';
  /** Which data of the call the case contains. */
  output: 'turn records' | 'chat history' | 'chat history without the caller';
}

/** A healthy agent with every lever on. Every case changes some of its properties. */
export const HEALTHY: SetUp = {
  calls: 2,
  turnsPerCall: 6,
  llm: { profile: { p50Ms: 180, p95Ms: 260, maxMs: 330 }, tokensPerSecond: 150 },
  stt: { interimAfterMs: 70, finalAfterMs: [150, 210], interims: 'same' },
  tts: { firstByteMs: [60, 100], silenceMs: 20 },
  turn: { minDelayMs: 300, mode: 'vad' },
  levers: { speculation: true, preemptiveTts: true, clause: true, trimSilence: true },
  preemptiveGeneration: true,
  answers: 'English',
  output: 'turn records',
};

/** Changes to a setup, by part. */
export type SetUpChanges = {
  [Part in keyof SetUp]?: SetUp[Part] extends object ? Partial<SetUp[Part]> : SetUp[Part];
};

/** The healthy setup with these changes. */
export function setUpOf(changes: SetUpChanges): SetUp {
  return mergeChanges(HEALTHY, changes) as SetUp;
}

/** Merges changes part by part. Within a part, fields of later changes win. */
export function mergeChanges(...all: readonly SetUpChanges[]): SetUpChanges {
  const result: Record<string, unknown> = {};
  for (const changes of all) {
    for (const [part, value] of Object.entries(changes)) {
      const before = result[part];
      result[part] =
        typeof value === 'object' && typeof before === 'object' ? { ...before, ...value } : value;
    }
  }
  return result as SetUpChanges;
}
