import {
  type CallerPace,
  type EndpointingOptions,
  endpointWaitMs,
  meanProbability,
  pacedWaitMs,
  updatedPace,
  utteranceEnding,
} from '@firstword/turn';
import type { RecordedPause } from './pause.js';

/** An endpointing policy. */
export interface Policy {
  name: string;
  /** Time from the last sound to the commit at a pause, ms. */
  waitMs(pause: RecordedPause): number;
}

/** LiveKit 1.9.0's local VAD reports the end of speech after this much silence, ms. No session commits earlier. */
const VAD_END_MS = 256;
/** Inference time of the end-of-turn model on an idle machine, ms. */
const INFERENCE_MS = 32;
/** LiveKit's end-of-turn threshold for English. */
const LIVEKIT_THRESHOLD = 0.36;

/** Probability from the model after this much silence; `undefined` if the caller had continued by then. */
export function probabilityAt(pause: RecordedPause, silenceMs: number): number | undefined {
  return pause.answers.find((answer) => answer.silenceMs === silenceMs)?.probability;
}

/** LiveKit's policy: the model is asked after 256 ms of silence, as its VAD does, and selects one of two delays. */
export function livekitPolicy(minDelayMs: number, maxDelayMs: number): Policy {
  return {
    name: `livekit ${minDelayMs}/${maxDelayMs}`,
    waitMs: (pause) => {
      const probability = probabilityAt(pause, 256) ?? 0;
      return Math.max(VAD_END_MS, probability >= LIVEKIT_THRESHOLD ? minDelayMs : maxDelayMs);
    },
  };
}

/** Silences after which a session asks the model while the wait lasts, ms, ascending: those of the preset. */
const QUERIES_MS = [160, 256, 416] as const;

/**
 * Firstword's policy: the model is asked early, and again while it is unsure; the mean of its answers and the words decide.
 *
 * @param queriesMs when the model is asked, if different from the preset
 */
export function firstwordPolicy(
  name: string,
  options: EndpointingOptions,
  queriesMs: readonly number[] = QUERIES_MS,
): Policy {
  return {
    name,
    waitMs: (pause) => {
      const { words, confidence } = pause;
      const ending = utteranceEnding(words, 'en');
      const probabilities: number[] = [];
      let waitMs = endpointWaitMs({ probability: undefined, ending, confidence }, options);
      for (const silenceMs of queriesMs) {
        const answeredMs = silenceMs + INFERENCE_MS;
        const probability = waitMs > silenceMs ? probabilityAt(pause, silenceMs) : undefined;
        if (probability === undefined) break;
        probabilities.push(probability);
        const decided = { probability: meanProbability(probabilities), ending, confidence };
        waitMs = Math.max(answeredMs, endpointWaitMs(decided, options));
      }
      return Math.max(VAD_END_MS, waitMs);
    },
  };
}

/**
 * Firstword's policy with learning: every voice is one caller who speaks the lines in the order of `pauses`.
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
