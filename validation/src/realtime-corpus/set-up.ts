import type { RealtimeFaultPlan } from '@firstword/emulator/realtime';
import type { SetUpChanges } from '../doctor-corpus/set-up.js';

/** How the emulated provider ends the caller's turn, in the names of its API. */
type TurnDetectionSetting =
  | { type: 'server_vad'; silence_duration_ms: number }
  | { type: 'semantic_vad'; eagerness: 'low' | 'medium' | 'high' };

/** A realtime agent, its provider and its caller as plain data. */
export interface RealtimeSetUp {
  calls: number;
  turnsPerCall: number;
  /** From the end of the turn to the first audio, ms. */
  firstAudio: { p50Ms: number; p95Ms: number };
  /** From the end of the turn to the response's creation, ms. */
  createdMs: number;
  /** Silence at the beginning of the answers, ms. */
  leadingSilenceMs: number;
  /** Round trip to the provider, ms. */
  rttMs: number;
  turnDetection: TurnDetectionSetting;
  /** Every so many utterances break off in the middle of a sentence; none by default. */
  incompleteEvery?: number;
  /** Every so many turns need a tool, which takes this long, ms. */
  tool?: { every: number; tookMs: number };
  faults?: RealtimeFaultPlan;
  /** Ask again after this silence, ms; without it, nobody does. */
  rescueAfterMs?: number;
  /** Calls of a cascade in the same data, as changes to the healthy one of the other corpus. */
  cascade?: SetUpChanges;
}

/** A healthy agent: the latency of gpt-realtime-1.5 as published, with a little spread, and the default silence of OpenAI's API. */
export const HEALTHY: RealtimeSetUp = {
  calls: 2,
  turnsPerCall: 7,
  firstAudio: { p50Ms: 600, p95Ms: 760 },
  createdMs: 30,
  leadingSilenceMs: 20,
  rttMs: 30,
  turnDetection: { type: 'server_vad', silence_duration_ms: 500 },
};
