import type { stt } from '@livekit/agents';

/** Set in `SpeechData.metadata` of finals by an engine that tells how sure it is of the last words alone, 0 to 1. */
export const END_CONFIDENCE = 'firstword.endConfidence';

/** The end of what was said, in words. */
const END_WORDS = 3;

const isShare = (value: unknown): value is number => typeof value === 'number' && value > 0 && value <= 1;

/**
 * How sure the engine is of the last words, 0 to 1: as it says itself, or the geometric mean of what it tells of each of
 * them, as LiveKit Inference does. `undefined` where it tells neither; 0 is what engines say that do not know.
 */
export function endConfidenceOf({ metadata, words = [] }: stt.SpeechData): number | undefined {
  const told = metadata?.[END_CONFIDENCE];
  if (isShare(told)) return told;
  const last = words.slice(-END_WORDS).map(({ confidence }) => confidence);
  if (last.length === 0 || !last.every(isShare)) return undefined;
  return last.reduce((product, confidence) => product * confidence, 1) ** (1 / last.length);
}
