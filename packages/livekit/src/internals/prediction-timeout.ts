import type { inference } from '@livekit/agents';

/**
 * Sets how long LiveKit waits for a prediction of this end-of-turn stream, ms. LiveKit's own limit is 1 s; after it the turn
 * is committed without a prediction.
 *
 * - Read in: `@livekit/agents` 1.9.0, `inference/eot/base.ts`, class `BaseStreamingTurnDetectorStream`, getter
 *   `predictionTimeout`; read by `voice/audio_recognition.ts`.
 * - If it changes: waits over 1 s are cut to 1 s, and LiveKit logs "eot prediction timed out". `internals.test.ts` fails.
 */
export function setPredictionTimeout(
  stream: ReturnType<inference.TurnDetector['stream']>,
  timeoutMs: number,
): void {
  Object.defineProperty(stream, 'predictionTimeout', { value: timeoutMs });
}
