import {
  calibrated,
  type EndpointingOptions,
  endpointWaitMs,
  meanProbability,
  type UtteranceEnding,
  utteranceEnding,
} from '@firstword/turn';
import type { RecordedPause } from './pause.js';

/** An endpointing policy. */
export interface Policy {
  name: string;
  /** Time from the last sound to the commit at a pause, ms. */
  waitMs(pause: RecordedPause): number;
}

/** A policy that decides about each pause once: intervals ask for the same pauses a thousand times. */
function policyOf(name: string, decide: (pause: RecordedPause) => number): Policy {
  const waits = new WeakMap<RecordedPause, number>();
  const waitMs = (pause: RecordedPause) => {
    const known = waits.get(pause) ?? decide(pause);
    waits.set(pause, known);
    return known;
  };
  return { name, waitMs };
}

/** LiveKit 1.9.0's local VAD reports the end of speech after this much silence, ms. No session commits earlier. */
export const VAD_END_MS = 256;
/** Inference time of the end-of-turn model on an idle machine, ms. */
export const ANSWER_MS = 32;
/** LiveKit's local end-of-turn model. */
export const MODEL = 'turn-detector-v1-mini';
/** LiveKit's end-of-turn threshold for English. */
const LIVEKIT_THRESHOLD = 0.36;

/** Probability from the model after this much silence; `undefined` if the caller had continued by then. */
export function probabilityAt(pause: RecordedPause, silenceMs: number): number | undefined {
  return pause.answers.find((answer) => answer.silenceMs === silenceMs)?.probability;
}

/** The same, calibrated. */
export function calibratedAt(pause: RecordedPause, silenceMs: number): number | undefined {
  const probability = probabilityAt(pause, silenceMs);
  if (probability === undefined) return undefined;
  return calibrated(probability, { model: MODEL, band: pause.band, language: pause.language ?? 'en' });
}

/** How the words before a pause end; `undefined` without words. */
export function endingAt({ words, language = 'en' }: RecordedPause): UtteranceEnding | undefined {
  return words === '' ? undefined : utteranceEnding(words, language);
}

/** The same policy where final transcripts come this long after the last sound: nothing is committed before, ms. */
export function withFinalsAfter(policy: Policy, finalAfterMs: number): Policy {
  return { ...policy, waitMs: (pause) => Math.max(finalAfterMs, policy.waitMs(pause)) };
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

/** What a session uses, if different from the preset. */
export interface FirstwordVariant {
  /** Silences after which the model is asked, ms. */
  queriesMs?: readonly number[];
  /** Whether the words count; default true. */
  words?: boolean;
}

/** Firstword's policy: the model is asked early, and again while it is unsure; the mean of its answers and the words decide. */
export function firstwordPolicy(
  name: string,
  options: EndpointingOptions,
  { queriesMs = QUERIES_MS, words: hasWords = true }: FirstwordVariant = {},
): Policy {
  return policyOf(name, (pause) => {
    const { confidence } = pause;
    const ending = hasWords ? endingAt(pause) : undefined;
    const probabilities: number[] = [];
    let waitMs = endpointWaitMs({ probability: undefined, ending, confidence }, options);
    for (const silenceMs of queriesMs) {
      const answeredMs = silenceMs + ANSWER_MS;
      const probability = waitMs > silenceMs ? calibratedAt(pause, silenceMs) : undefined;
      if (probability === undefined) break;
      probabilities.push(probability);
      const decided = { probability: meanProbability(probabilities), ending, confidence };
      waitMs = Math.max(answeredMs, endpointWaitMs(decided, options));
    }
    return Math.max(VAD_END_MS, waitMs);
  });
}
