import { isolated } from '../observe/user-callback.js';

/** Timing of one synthesized answer. Times on the session's clock, ms. */
export interface TTSTrace {
  /** The answer's first clause was complete; `undefined` while only a filler has been said. */
  firstClauseMs?: number;
  /** It was sent to the TTS. */
  requestedMs?: number;
  /** The first audio arrived, silence included. */
  firstByteMs?: number;
  /** The audio of the first clause was cached. */
  isCached?: boolean;
  /** Silence cut before the answer's first sound, ms. */
  trimmedMs?: number;
  /** The filler said before the answer: when its audio was passed on, and its duration. */
  filler?: { atMs: number; durationMs: number };
}

/** Called as each answer's first clause is sent; the trace is filled in as it goes. */
export type TTSTraceListener = (trace: TTSTrace) => void;

/** A TTS that reports when each answer's first clause was sent and when its first audio arrived. */
export interface TracedTTS {
  /** Returns a function that stops watching. */
  watch(watcher: TTSTraceListener): () => void;
}

/** Whether a TTS reports traces. */
export function isTracedTTS(voice: unknown): voice is TracedTTS {
  return typeof voice === 'object' && voice !== null && 'watch' in voice && typeof voice.watch === 'function';
}

/** The listeners of a TTS. */
export class TTSTraceListeners {
  readonly #watchers = new Set<TTSTraceListener>();

  add(watcher: TTSTraceListener): () => void {
    const safe = isolated('a watcher of the TTS', watcher);
    this.#watchers.add(safe);
    return () => this.#watchers.delete(safe);
  }

  report(trace: TTSTrace): void {
    for (const watcher of this.#watchers) watcher(trace);
  }
}
