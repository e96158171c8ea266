/** Chunks are remembered this long, ms: longer than any wait for the end of a turn. */
const MEMORY_MS = 15_000;

interface Chunk {
  /** Where it ends in the audio that was sent on the connection, ms. */
  endMs: number;
  /** When it was sent, on the session's clock, ms. */
  sentMs: number;
}

/** When a moment of the caller's audio was heard and sent. */
export interface SentAudio {
  /** When it had reached the agent, session clock, ms. */
  heardMs: number;
  /** When the chunk that contains it was sent. */
  sentMs: number;
}

/**
 * Remembers when the caller's audio was sent to a realtime provider. The provider reports the end of a turn as a position in that
 * audio. A chunk is sent as soon as its last sample is there, so that the age of every sample in it is known.
 */
export class SentAudioLog {
  #chunks: Chunk[] = [];
  #positionMs = 0;

  /** A chunk of this duration is sent now. */
  sent(durationMs: number, nowMs: number): void {
    this.#positionMs += durationMs;
    this.#chunks.push({ endMs: this.#positionMs, sentMs: nowMs });
    if (this.#chunks[0]!.sentMs < nowMs - 2 * MEMORY_MS)
      this.#chunks = this.#chunks.filter(({ sentMs }) => sentMs >= nowMs - MEMORY_MS);
  }

  /** `undefined` if the position was not sent, or too long ago. */
  at(positionMs: number): SentAudio | undefined {
    const first = this.#chunks[0];
    const chunk = this.#chunks.find(({ endMs }) => endMs >= positionMs - 0.5);
    if (!first || !chunk || positionMs < first.endMs - 1000) return undefined;
    return { heardMs: chunk.sentMs - Math.max(0, chunk.endMs - positionMs), sentMs: chunk.sentMs };
  }

  /** A new connection: positions start at 0. */
  restart(): void {
    this.#chunks = [];
    this.#positionMs = 0;
  }
}
