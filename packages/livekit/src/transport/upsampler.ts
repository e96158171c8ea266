/**
 * Resamples a caller's audio from 16 to 24 kHz, the only rate that OpenAI's and xAI's realtime models take: two samples become three, by
 * linear interpolation. It delays nothing but a last odd sample.
 */
export class Upsampler {
  /** The sample before the next group. */
  #before = 0;
  #rest = new Int16Array(0);

  /** @returns the samples at 24 kHz */
  push(samples: Int16Array): Int16Array {
    const all = Int16Array.of(...this.#rest, ...samples);
    const groups = Math.floor(all.length / 2);
    const result = new Int16Array(groups * 3);
    for (let group = 0; group < groups; group += 1) {
      const [first, second] = [all[2 * group]!, all[2 * group + 1]!];
      // At 1/3, 1 and 5/3 of the way from the sample before to the second one, in steps of the old rate.
      result[3 * group] = Math.round(this.#before + (first - this.#before) * (2 / 3));
      result[3 * group + 1] = Math.round(first + (second - first) * (1 / 3));
      result[3 * group + 2] = second;
      this.#before = second;
    }
    this.#rest = all.slice(2 * groups);
    return result;
  }
}
