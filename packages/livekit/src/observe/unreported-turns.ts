import type { Clock } from '@firstword/turn';
import type { voice } from '@livekit/agents';
import { hasSpeechEdges } from '../transport/traced.js';

/** Finds the turns of a realtime provider that does not report their end: each begins with the first output after the caller spoke. */
export class UnreportedTurns {
  readonly #session: voice.AgentSession;
  readonly #clock: Clock;
  #sinceMs = Number.NEGATIVE_INFINITY;
  #hasWords = false;

  constructor(session: voice.AgentSession, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
  }

  /** Words of the caller have been reported. */
  onWords(): void {
    this.#hasWords = true;
  }

  /** Whether a response with its first output at this time, or a rescue, answers a new turn. Otherwise it is more of the answer before it. */
  isNewTurn(atMs: number): boolean {
    if (!this.#hasSpoken()) return false;
    this.#sinceMs = atMs;
    this.#hasWords = false;
    return true;
  }

  #hasSpoken(): boolean {
    const input = this.#session.input.audio;
    if (!hasSpeechEdges(input)) return this.#hasWords;
    return input.edges.lastSpeech(this.#sinceMs, this.#clock.nowMs()) !== undefined;
  }
}
