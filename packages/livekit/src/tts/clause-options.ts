import type { ClauseOptions, Clock } from '@firstword/turn';
import type { APIConnectOptions, tts } from '@livekit/agents';
import type { FillerOptions } from './filler.js';
import type { PhraseCache } from './phrase-cache.js';
import type { TTSGroup } from './tts-group.js';
import type { TTSTrace } from './tts-trace.js';

/** Options of `ClauseTTS`. */
export interface ClauseTTSOptions {
  /** Hand text to the TTS clause by clause; `false` leaves the cutting to the TTS. Default `true`. */
  clause?: boolean | ClauseOptions;
  /** Cut the silence at the beginning of an answer down to `marginMs`. Default `true`: 10 ms. */
  trimSilence?: boolean | { marginMs: number };
  /** Longest audio frame, ms, 1 to 20. Default 20. */
  frameMs?: number;
  /**
   * How clauses reach the TTS. `stream` sends all clauses through one stream and flushes after each; the intonation
   * continues from clause to clause. `request` makes one request a clause, the next while the last is still arriving, and
   * cuts the silence between them. Default: `stream` for a TTS that streams, `request` for local and other ones.
   */
  handOff?: 'stream' | 'request';
  /**
   * A TTS that owes audio and sends none for this long has failed, ms; its answer is requested again if nothing was heard. Default:
   * the session's TTS `timeoutMs`, and for the first request of an answer to a TTS that streams 3000 ms, unless its answer
   * before was slower.
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
  /** How long a request may owe audio, ms. @param attempt of the answer, from 1 */
  stallMs(conn: APIConnectOptions, attempt: number): number;
  /** The first audio of an answer came so long after its request, ms. */
  noteFirstAudio(afterMs: number): void;
  cachedAudio(text: string): Promise<Int16Array | undefined>;
  hasAudioFor(text: string): boolean;
  keepForCommit(text: string, samples: Int16Array): void;
  clearSpeculative(): void;
  takeFiller(text: string): string[] | undefined;
  durationMs(samples: Int16Array): number;
}
