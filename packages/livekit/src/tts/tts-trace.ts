/** What one spoken answer cost, on the session's clock. */
export interface TTSTrace {
  /** The answer's first clause was ready; `undefined` as long as only a bridge phrase has been said. */
  firstClauseMs?: number;
  /** It was handed to the engine. */
  requestedMs?: number;
  /** The first audio came back, silence included. */
  firstByteMs?: number;
  /** Silence cut before the answer's first sound. */
  trimmedMs?: number;
  /** A phrase was said before the answer, which was late: when its audio was handed on, and how long it was. */
  filler?: { atMs: number; durationMs: number };
}

/** Called as each answer's first clause is handed over; the trace fills in as it goes. */
export type TTSTraceListener = (trace: TTSTrace) => void;

/** A text-to-speech that tells exactly when each answer's first clause left and its first audio came. */
export interface TracedTTS {
  /** Returns how to stop watching. */
  watch(watcher: TTSTraceListener): () => void;
}

/** Whether a text-to-speech traces its answers. */
export function isTracedTTS(voice: unknown): voice is TracedTTS {
  return typeof voice === 'object' && voice !== null && 'watch' in voice && typeof voice.watch === 'function';
}

/** Who watches a voice. */
export class TTSTraceListeners {
  readonly #watchers = new Set<TTSTraceListener>();

  add(watcher: TTSTraceListener): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  report(trace: TTSTrace): void {
    for (const watcher of this.#watchers) watcher(trace);
  }
}
