/** Window over which energy is measured, ms: fine enough to place the end of a word, long enough for low voices. */
const WINDOW_MS = 8;
/** How long energies are kept, ms: longer than any end-of-turn wait plus a slow transcript. */
const MEMORY_MS = 12_000;
/** The threshold of speech is this far over the noise floor (power ratio; 9 dB), … */
const OVER_FLOOR = 8;
/** … but at most this fraction of the loudest window (power ratio; −12 dB), … */
const CLEAR_OF_PEAK = 1 / 16;
/** … and at least this fraction of it, because quieter sound is breath (power ratio; −44 dB). */
const UNDER_PEAK = 1 / 25_000;
/** Nothing below −66 dBFS counts as speech. */
const MIN_POWER = 2.5e-7;

/** A pause up to this length is part of a stretch of speech, ms. */
const PAUSE_MS = 120;

interface Window {
  endMs: number;
  power: number;
}

/**
 * Keeps the energy of incoming audio. When a VAD reports the end of speech, the last speech sample can then be found to
 * within one window. A VAD alone is too coarse: it works in 32 ms steps and smooths.
 */
export class SpeechEdges {
  #windows: Window[] = [];
  #sum = 0;
  #count = 0;

  /** @param startMs when the first of `samples` was spoken, on the session's clock. */
  push(samples: Int16Array, startMs: number, rateHz: number): void {
    const perWindow = Math.round((rateHz * WINDOW_MS) / 1000);
    for (let i = 0; i < samples.length; i++) {
      const value = samples[i]! / 32768;
      this.#sum += value * value;
      if (++this.#count < perWindow) continue;
      this.#windows.push({ endMs: startMs + ((i + 1) / rateHz) * 1000, power: this.#sum / this.#count });
      this.#sum = 0;
      this.#count = 0;
    }
    const newestMs = startMs + (samples.length / rateHz) * 1000;
    const firstKept = this.#windows.findIndex((w) => w.endMs >= newestMs - MEMORY_MS);
    if (firstKept > 200) this.#windows.splice(0, firstKept);
  }

  /**
   * End of the last window with speech that ended no later than `untilMs`; `undefined` if there is none since `sinceMs`.
   */
  lastSpeech(sinceMs: number, untilMs: number): number | undefined {
    const threshold = this.#threshold(untilMs);
    for (let i = this.#windows.length - 1; i >= 0; i--) {
      const { endMs, power } = this.#windows[i]!;
      if (endMs < sinceMs) break;
      if (endMs <= untilMs && power >= threshold) return endMs;
    }
    return undefined;
  }

  /**
   * Start of the newest stretch of speech up to `untilMs`, pauses of up to 120 ms included; `undefined` if there is no speech since
   * `sinceMs`.
   */
  firstSpeech(sinceMs: number, untilMs: number): number | undefined {
    const threshold = this.#threshold(untilMs);
    let fromMs: number | undefined;
    for (let i = this.#windows.length - 1; i >= 0; i--) {
      const { endMs, power } = this.#windows[i]!;
      if (endMs < sinceMs || (fromMs !== undefined && endMs < fromMs - PAUSE_MS)) break;
      if (endMs <= untilMs && power >= threshold) fromMs = endMs - WINDOW_MS;
    }
    return fromMs;
  }

  #threshold(untilMs: number): number {
    const powers = this.#windows.filter((w) => w.endMs <= untilMs).map((w) => w.power);
    if (powers.length === 0) return MIN_POWER;
    powers.sort((a, b) => a - b);
    const floor = powers[Math.floor(powers.length / 10)]!;
    const peak = powers.at(-1)!;
    return Math.max(MIN_POWER, Math.min(floor * OVER_FLOOR, peak * CLEAR_OF_PEAK), peak * UNDER_PEAK);
  }
}

/** A window of 2.5 ms is audible at −50 dBFS or more (RMS). */
const AUDIBLE_POWER = 104 * 104;
const windowSamples = (rateHz: number): number => Math.max(1, Math.round(rateHz / 400));

function isAudible(samples: Int16Array, start: number, end: number): boolean {
  let sum = 0;
  for (let i = start; i < end; i++) sum += samples[i]! * samples[i]!;
  return sum / (end - start) >= AUDIBLE_POWER;
}

/** Index of the first audible sample of a chunk; −1 if the chunk is silent. Audible is −50 dBFS or more (RMS over 2.5 ms). */
export function firstAudibleSample(samples: Int16Array, rateHz: number): number {
  const step = windowSamples(rateHz);
  for (let start = 0; start < samples.length; start += step)
    if (isAudible(samples, start, Math.min(samples.length, start + step))) return start;
  return -1;
}

/** The index after the last audible sample of a chunk; 0 if the chunk is silent. */
export function audibleEnd(samples: Int16Array, rateHz: number): number {
  const step = windowSamples(rateHz);
  for (let end = samples.length; end > 0; end -= step)
    if (isAudible(samples, Math.max(0, end - step), end)) return end;
  return 0;
}

/** When a chunk can be heard, ms from its first sample; `undefined` if it is silent. */
export function audibleSpan(
  samples: Int16Array,
  rateHz: number,
): { fromMs: number; toMs: number } | undefined {
  const first = firstAudibleSample(samples, rateHz);
  if (first < 0) return undefined;
  return { fromMs: (first * 1000) / rateHz, toMs: (audibleEnd(samples, rateHz) * 1000) / rateHz };
}
