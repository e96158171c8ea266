import type { stt } from '@livekit/agents';

/** Metadata key of finals (`SpeechData.metadata`): the STT's confidence in the last words alone, 0 to 1. */
export const END_CONFIDENCE = 'firstword.endConfidence';

/** How many words count as the end of the transcript. */
const END_WORDS = 3;

const isShare = (value: unknown): value is number => typeof value === 'number' && value > 0 && value <= 1;

/**
 * Confidence in the last words of a transcript, 0 to 1: the STT's own value, or the geometric mean of the last words'
 * confidences (LiveKit Inference reports those). `undefined` if the STT reports neither; 0 also means "not reported".
 */
export function endConfidenceOf({ metadata, words = [] }: stt.SpeechData): number | undefined {
  const reported = metadata?.[END_CONFIDENCE];
  if (isShare(reported)) return reported;
  const last = words.slice(-END_WORDS).map(({ confidence }) => confidence);
  if (last.length === 0 || !last.every(isShare)) return undefined;
  return last.reduce((product, confidence) => product * confidence, 1) ** (1 / last.length);
}
