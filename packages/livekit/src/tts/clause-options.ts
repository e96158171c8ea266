import type { ClauseOptions, Clock } from '@firstword/turn';
import type { tts } from '@livekit/agents';
import type { FillerOptions } from './filler.js';
import type { PhraseCache } from './phrase-cache.js';
import type { TTSGroup } from './tts-group.js';
import type { TTSTrace } from './tts-trace.js';

/** Options of `ClauseTTS`. */
export interface ClauseTTSOptions {
  /** Pass text to the TTS clause by clause. With `false`, the TTS splits the text itself. Default `true`. */
  clause?: boolean | ClauseOptions;
  /** Cut the silence at the beginning of an answer down to `marginMs`. Default `true`: 10 ms. */
  trimSilence?: boolean | { marginMs: number };
  /** Longest audio frame, ms, 1 to 20. Default 20. */
  frameMs?: number;
  /**
   * How clauses reach the TTS. `stream` sends all clauses through one stream and flushes after each; the intonation
   * continues from clause to clause. `request` sends one request per clause, the next one while audio of the previous one is
   * still arriving, and cuts the silence between them. Default: `stream` for a TTS that streams, `request` for local and
   * other ones.
   */
  handOff?: 'stream' | 'request';
  /**
   * A TTS that sends no audio for this long, ms, although audio is pending, has failed. Default: the session's TTS
   * `timeoutMs`.
   */
  stallMs?: number;
  /** Phrases whose audio is cached on disk: greetings, confirmations. `warm()` fills the cache. They need `clause`. */
  phrases?: {
    cache: PhraseCache;
    texts: readonly string[];
    /** Name of the voice, and of anything else that changes its sound: part of the cache's key. */
    voice: string;
  };
  /** Phrases said when an answer is late; off by default. They need `clause`, `warm()` and `attachLowLatency`. */
  filler?: FillerOptions;
  /** Default: the system clock. */
  clock?: Clock;
}

/** The options of a `ClauseTTS` with their defaults filled in. */
export interface ClauseSettings {
  clause: ClauseOptions | false;
  marginMs: number | undefined;
  frameMs: number;
  handOff: 'stream' | 'request';
  stallMs: number | undefined;
}

/** What a `ClauseStream` uses of the `ClauseTTS` that made it. */
export interface ClauseStreamOwner extends tts.TTS {
  readonly clock: Clock;
  readonly wrapped: TTSGroup;
  readonly settings: ClauseSettings;
  report(trace: TTSTrace): void;
  cachedAudio(text: string): Promise<Int16Array | undefined>;
  hasAudioFor(text: string): boolean;
  keepForCommit(text: string, samples: Int16Array): void;
  clearSpeculative(): void;
  takeFiller(text: string): string[] | undefined;
  durationMs(samples: Int16Array): number;
}
