import type { Random } from '@firstword/turn/statistics';
import type { Sdk, WildCall, WildNote, WildTurn } from './call.js';
import { happens } from './draw.js';
import { healthyCall } from './healthy-call.js';
import { VERSIONS } from './stacks.js';

/** What a printed shape can contain. A cause is printed only in shapes that contain what shows it. */
export type Carried =
  | 'end of turn'
  | 'user logic'
  | 'ttft'
  | 'tokens'
  | 'reasoning tokens'
  | 'ttfb'
  | 'TTS connection'
  | 'e2e'
  | 'playback'
  | 'notes'
  | 'tools'
  | 'realtime';

/** A reason for a slow turn, and how a call with it looks. */
export interface WildCause {
  id: string;
  /** The frameworks in which it can be seen. */
  sdks: readonly Sdk[];
  /** What a shape must contain so that the cause can be seen. */
  needs: readonly Carried[];
  /**
   * Findings that somebody who knows the cause would accept as the first one: rule ids, or `kind:unknown` and
   * `kind:data` for any finding of that kind.
   */
  accepted: readonly string[];
  /** Findings that are true beside it, but are not the cause. */
  alsoTrue: readonly string[];
  /** Nothing in the data shows what is slow: right is no confident cause. */
  isUndecidable?: true;
  /** Only these shapes, whatever they carry. */
  shapes?: readonly string[];
  /** Calls with this cause. `wording` selects version, models and words, 0 to 5. */
  calls(random: Random, sdk: Sdk, wording: number): WildCall[];
}

/** The frameworks of LiveKit. */
export const LIVEKIT: readonly Sdk[] = ['python', 'node'];

/** All that print per-stage figures of their turns. */
export const ALL_SDKS: readonly Sdk[] = ['python', 'node', 'pipecat', 'vapi', 'retell'];

/** Changes one turn of a call. */
export type TurnChange = (turn: WildTurn, index: number, call: WildCall, random: Random) => void;

/** One or two calls, every turn changed. */
export function changedCalls(
  change: TurnChange,
  prepare?: (call: WildCall, random: Random) => void,
): WildCause['calls'] {
  return (random, sdk, wording) => {
    const count = happens(random, 0.3) ? 2 : 1;
    return Array.from({ length: count }, () => {
      const call = healthyCall(random, sdk, wording);
      prepare?.(call, random);
      for (const [index, turn] of call.turns.entries()) change(turn, index, call, random);
      return call;
    });
  };
}

/** Like `changedCalls`, but one turn in eight stays healthy. */
export const mostTurns = (change: TurnChange, prepare?: (call: WildCall, random: Random) => void) =>
  changedCalls((turn, index, call, random) => {
    if (!happens(random, 0.12)) change(turn, index, call, random);
  }, prepare);

/** The request that answers a turn. */
export const requestOf = (turn: WildTurn) => turn.requests[turn.requests.length - 1]!;

/** Makes the first token of the answer `byMs` later. */
export function delayFirstToken(turn: WildTurn, byMs: number): void {
  const request = requestOf(turn);
  request.ttftMs += byMs;
  request.durationMs += byMs;
}

/** Adds a line that the framework logs. */
export function note(
  turn: WildTurn,
  kind: WildNote['kind'],
  afterMs: number,
  more: Partial<WildNote> = {},
): void {
  turn.notes.push({ kind, afterMs, ...more });
}

/** The newest version, for what older ones do not print. */
export function useNewest(call: WildCall): void {
  call.version = VERSIONS[call.sdk][2]!;
}
