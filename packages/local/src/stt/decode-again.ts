import { resample } from '../audio/resample.js';
import type { MoonshineModel } from './model.js';
import { type Decoded, type SpeechSpan, STT_RATE_HZ } from './protocol.js';

/** An attempt to decode a clip: how much audio around its speech, and how fast it is played. */
interface Attempt {
  /** Audio before the place where the VAD noticed speech, ms. It notices it about 100 ms late. */
  leadMs: number;
  /** Below 1 the speech is slower and lower, with the same number of words in more audio. */
  speed: number;
}

/**
 * In which window Moonshine tiny finds words is a matter of chance, above all on the telephone: with 500 ms before the speech a clip
 * may yield nothing, and with 150 ms all its words. On people's telephone turns the first attempt recovers most of what any does. None
 * makes words of coughs, music or tones; a speed of 0.77, added noise or a larger `END_MARGIN` would.
 */
const ATTEMPTS: readonly Attempt[] = [
  { leadMs: 300, speed: 1 },
  { leadMs: 150, speed: 1 },
  { leadMs: 200, speed: 0.87 },
];
/** Audio kept after the last sound, ms. */
const TAIL_MS = 50;
/** Confidence in the last words, 0 to 1, from which no other attempt is made. */
const SURE = 0.7;
/** Words that the model is less sure of are taken for a mishearing, 0 to 1; most ordinary decodes are above. */
const MIN_CONFIDENCE = 0.45;

const samplesOf = (ms: number) => (ms * STT_RATE_HZ) / 1000;

/**
 * Decodes once more a clip with speech in which the model found no words: in other windows and slower, until it is sure of the
 * words.
 *
 * @returns the decode whose words the model is surest of; a decode without text if no attempt yields words
 */
export async function decodeAgain(
  model: Pick<MoonshineModel, 'transcribe'>,
  request: { samples: Int16Array; speech: SpeechSpan; isCancelled: () => boolean },
): Promise<Decoded> {
  const { samples, speech, isCancelled } = request;
  let decodeMs = 0;
  let best: Decoded = { text: '', tokens: [], endConfidence: 0, decodeMs, cancelled: false };
  for (const { leadMs, speed } of ATTEMPTS) {
    const from = Math.max(0, speech.from - samplesOf(leadMs));
    const window = samples.subarray(from, speech.to + samplesOf(TAIL_MS));
    const rates = { fromHz: STT_RATE_HZ, toHz: Math.round(STT_RATE_HZ / speed / 100) * 100 };
    const decoded = await model.transcribe({ samples: resample(window, rates), draft: [], isCancelled });
    decodeMs += decoded.decodeMs;
    if (decoded.cancelled) return decoded;
    const isBetter =
      decoded.text !== '' && decoded.endConfidence > Math.max(MIN_CONFIDENCE, best.endConfidence);
    if (isBetter) best = decoded;
    if (best.endConfidence >= SURE) break;
  }
  return { ...best, decodeMs };
}
