import {
  type CallerPace,
  type EndpointingOptions,
  endpointWaitMs,
  pacedWaitMs,
  updatedPace,
  utteranceEnding,
} from '@firstword/turn';
import type { RecordedPause } from './pause.js';

/** A way to decide how long to wait at a pause, ms after the last sound. */
export interface Policy {
  name: string;
  waitMs(pause: RecordedPause): number;
}

/** LiveKit 1.9.0's local VAD calls speech ended at this much silence, ms: no session commits sooner. */
const VAD_END_MS = 256;
/** The end-of-turn model's own time on an idle machine, ms. */
const INFERENCE_MS = 32;
/** LiveKit's end-of-turn threshold for English. */
const LIVEKIT_THRESHOLD = 0.36;

/** What the model said after so much silence; `undefined` where the caller had gone on by then. */
export function probabilityAt(pause: RecordedPause, silenceMs: number): number | undefined {
  return pause.answers.find((answer) => answer.silenceMs === silenceMs)?.probability;
}

/** LiveKit's own: asked at 256 ms of silence, as its VAD really does, two delays. */
export function livekitPolicy(minDelayMs: number, maxDelayMs: number): Policy {
  return {
    name: `livekit ${minDelayMs}/${maxDelayMs}`,
    waitMs: (pause) => {
      const probability = probabilityAt(pause, 256) ?? 0;
      return Math.max(VAD_END_MS, probability >= LIVEKIT_THRESHOLD ? minDelayMs : maxDelayMs);
    },
  };
}

/** Silence at which Firstword's preset has the model asked, ms. */
const ASKED_AT_MS = 160;

/** How the model is asked where it is not as in the preset. */
interface Asking {
  /** Silence at which it is asked, ms. */
  atMs?: number;
  /** Silence at which it is asked again where it did not believe in an end, ms; then it is believed. */
  againAtMs?: number;
}

/** Firstword's: the model asked early, the words taken into account. */
export function firstwordPolicy(name: string, options: EndpointingOptions, asking: Asking = {}): Policy {
  const { atMs = ASKED_AT_MS, againAtMs } = asking;
  return {
    name,
    waitMs: (pause) => {
      const ending = utteranceEnding(pause.words, 'en');
      const { confidence } = pause;
      const waitMs = endpointWaitMs({ probability: probabilityAt(pause, atMs), ending, confidence }, options);
      const again = againAtMs === undefined ? undefined : probabilityAt(pause, againAtMs);
      const believed = again !== undefined && again >= options.sure && ending === 'complete';
      return Math.max(VAD_END_MS, believed ? Math.min(waitMs, againAtMs! + INFERENCE_MS) : waitMs);
    },
  };
}

/**
 * The same, and learning: every voice is one caller, who says the lines in the order of `pauses`.
 */
export function learnedPolicy(
  name: string,
  options: EndpointingOptions,
  pauses: readonly RecordedPause[],
): Policy {
  const plain = firstwordPolicy(name, options);
  const paces = new Map<string, CallerPace>();
  const waits = new Map<RecordedPause, number>();
  const cutLines = new Set<string>();
  for (const pause of pauses) {
    const { voice, line, resumedAfterMs } = pause;
    const pace = paces.get(voice) ?? 0;
    const waitMs = pacedWaitMs(plain.waitMs(pause), pace, { shortestMs: VAD_END_MS });
    waits.set(pause, waitMs);
    const cut = resumedAfterMs !== undefined && waitMs < resumedAfterMs;
    if (cut) cutLines.add(`${voice}\n${line}`);
    const clean = pause.end && !cutLines.has(`${voice}\n${line}`);
    if (cut) paces.set(voice, updatedPace(pace, 'cutOff'));
    else if (!pause.end) paces.set(voice, updatedPace(pace, 'resumed'));
    else if (clean) paces.set(voice, updatedPace(pace, 'clean'));
  }
  return { name, waitMs: (pause) => waits.get(pause) ?? plain.waitMs(pause) };
}
