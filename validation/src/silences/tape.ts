import { systemClock } from '@firstword/turn';

/** A stretch of sound. */
export interface Sound {
  fromMs: number;
  toMs: number;
  /** The output's number of the speech, from 1. */
  answer: number;
  /** Its loudest sample. */
  level: number;
}

/** Loudness from which a sample counts as sound: −50 dBFS. */
const AUDIBLE = 104;
const RATE_HZ = 24_000;

/** Keeps when the agent could be heard: what an output without a room plays, cut where it was cleared. */
export class SoundTape {
  readonly #chunks: Sound[] = [];

  /** @param rateHz sample rate; default 24,000 */
  play(samples: Int16Array, atMs: number, answer: number, rateHz = RATE_HZ): void {
    const first = samples.findIndex((sample) => Math.abs(sample) >= AUDIBLE);
    if (first < 0) return;
    const last = samples.findLastIndex((sample) => Math.abs(sample) >= AUDIBLE);
    const ms = (index: number) => atMs + (index * 1000) / rateHz;
    const level = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    this.#chunks.push({ fromMs: ms(first), toMs: ms(last + 1), answer, level });
  }

  clear(): void {
    const nowMs = systemClock.nowMs();
    for (const chunk of this.#chunks) chunk.toMs = Math.min(chunk.toMs, Math.max(chunk.fromMs, nowMs));
  }

  /** The sounds that were heard; those of one level are joined within an answer across pauses of up to 100 ms. */
  sounds(): Sound[] {
    const joined: Sound[] = [];
    for (const chunk of this.#chunks) {
      if (chunk.toMs <= chunk.fromMs) continue;
      const last = joined.at(-1);
      const goesOn = last?.answer === chunk.answer && last.level === chunk.level;
      if (last && goesOn && chunk.fromMs - last.toMs <= 100) last.toMs = chunk.toMs;
      else joined.push({ ...chunk });
    }
    return joined;
  }
}

/** The longest time without a sound between two moments, ms. */
export function longestSilenceMs(sounds: readonly Sound[], fromMs: number, toMs: number): number {
  let at = fromMs;
  let longestMs = 0;
  for (const sound of [...sounds].sort((a, b) => a.fromMs - b.fromMs)) {
    if (sound.toMs <= fromMs) continue;
    if (sound.fromMs >= toMs) break;
    longestMs = Math.max(longestMs, sound.fromMs - at);
    at = Math.max(at, sound.toMs);
  }
  return Math.max(longestMs, toMs - at);
}
