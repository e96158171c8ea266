import type { TextToSpeech } from '@firstword/turn';

/** The voice of the emulated TTS services. Every `TextToSpeech` engine is a `Voice`. */
export type Voice = Pick<TextToSpeech, 'sampleRateHz' | 'synthesize'>;

const RATE_HZ = 16_000;
/** As fast as people read aloud: about 160 words a minute. */
const LETTER_MS = 58;
const GAP_MS = 40;
const FRAME_SAMPLES = RATE_HZ / 50;

/**
 * A voice without an engine: a tone for each word, as long as the word takes to say, with short gaps between words. The
 * pitch depends on the word. For tests, and wherever nobody listens.
 */
export function toneVoice(): Voice {
  return {
    sampleRateHz: RATE_HZ,
    async *synthesize(text, options = {}) {
      for (const word of text.split(/\s+/).filter((one) => /[\p{L}\p{N}]/u.test(one))) {
        const samples = wordTone(word);
        for (let at = 0; at < samples.length; at += FRAME_SAMPLES) {
          if (options.signal?.aborted) return;
          yield samples.slice(at, at + FRAME_SAMPLES);
        }
      }
    },
  };
}

function wordTone(word: string): Int16Array {
  const toneSamples = Math.round(((word.length + 1) * LETTER_MS * RATE_HZ) / 1000);
  const samples = new Int16Array(toneSamples + (GAP_MS * RATE_HZ) / 1000);
  const pitchHz = 120 + 10 * (word.charCodeAt(0) % 12);
  for (let index = 0; index < toneSamples; index += 1) {
    samples[index] = Math.round(6000 * Math.sin((2 * Math.PI * pitchHz * index) / RATE_HZ));
  }
  return samples;
}
