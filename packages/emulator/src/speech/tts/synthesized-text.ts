import { joined, resampleLinear } from '../audio/pcm.js';
import type { Voice } from './voice.js';

/** Below −50 dBFS nothing is heard. */
const QUIETEST = 104;

/** From the first sound on; empty without any. */
function fromFirstSound(samples: Int16Array): Int16Array {
  const first = samples.findIndex((sample) => Math.abs(sample) > QUIETEST);
  return first < 0 ? new Int16Array(0) : samples.subarray(first);
}

/** The audio of one text while a voice synthesizes it, at the client's sample rate. */
export class SynthesizedText {
  /** All samples of the text. Rejects if the voice fails. */
  readonly totalSamples: Promise<number>;
  #pieces: Int16Array[] = [];
  #available = 0;
  #isComplete = false;
  #wake = () => {};

  /** @param options.leadingSamples silence before the first sound, unless the text has no sound at all */
  constructor(options: {
    voice: Voice;
    text: string;
    rateHz: number;
    leadingSamples: number;
    signal: AbortSignal;
  }) {
    this.totalSamples = this.#read(options);
    // Whoever takes the audio awaits it; a failure before that must not count as unhandled.
    this.totalSamples.catch(() => {});
  }

  /** The next samples, fewer at the end, none after it. Waits until the voice has them. */
  async take(samples: number): Promise<Int16Array> {
    while (this.#available < samples && !this.#isComplete) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const all = joined(this.#pieces);
    const taken = all.subarray(0, samples);
    this.#pieces = [all.subarray(taken.length)];
    this.#available -= taken.length;
    return taken;
  }

  async #read(options: {
    voice: Voice;
    text: string;
    rateHz: number;
    leadingSamples: number;
    signal: AbortSignal;
  }): Promise<number> {
    const { voice, text, rateHz, leadingSamples, signal } = options;
    let total = 0;
    const add = (samples: Int16Array) => {
      this.#pieces.push(samples);
      this.#available += samples.length;
      total += samples.length;
      this.#wake();
    };
    try {
      for await (const piece of voice.synthesize(text, { signal })) {
        // The profile says how long the silence at the beginning is, not the voice: that of the embedded one is 210 ms.
        const heard = total === 0 ? fromFirstSound(piece) : piece;
        if (heard.length === 0) continue;
        if (total === 0 && leadingSamples > 0) add(new Int16Array(leadingSamples));
        add(resampleLinear(heard, { fromHz: voice.sampleRateHz, toHz: rateHz }));
      }
    } finally {
      this.#isComplete = true;
      this.#wake();
    }
    return total;
  }
}
