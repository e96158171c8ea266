/** RMS level above which audio counts as audible: −50 dBFS. */
const AUDIBLE_RMS = 104;
const WINDOW_MS = 5;

/** Tracks when the agent is audible to the caller. Times in ms on the shared clock. */
export class AgentAudioTracker {
  /** End of the last audible sound. */
  lastAudibleMs: number | undefined;
  readonly #onsets: { atMs: number }[] = [];

  /** Adds audio whose first sample is played at `startMs`. */
  push(startMs: number, pcm: Int16Array, rateHz: number): void {
    const windowSamples = Math.round((rateHz * WINDOW_MS) / 1000);
    for (let from = 0; from < pcm.length; from += windowSamples) {
      const window = pcm.subarray(from, from + windowSamples);
      const power = window.reduce((sum, sample) => sum + sample * sample, 0) / window.length;
      if (power < AUDIBLE_RMS ** 2) continue;
      const atMs = startMs + (from * 1000) / rateHz;
      this.#onsets.push({ atMs });
      this.lastAudibleMs = Math.max(this.lastAudibleMs ?? -Infinity, atMs + (window.length * 1000) / rateHz);
    }
  }

  /** Time of the first audible sound at or after `ms`. Discards earlier sounds. */
  firstAudibleSince(ms: number): number | undefined {
    const keep = this.#onsets.findIndex((onset) => onset.atMs >= ms);
    this.#onsets.splice(0, keep < 0 ? this.#onsets.length : keep);
    return this.#onsets[0]?.atMs;
  }
}
