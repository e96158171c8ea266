import type { Clock } from '@firstword/turn';

/** Options of `startEmulator`. Plain data apart from `clock` and `signal`, so that a command line can pass them on. */
export interface EmulatorOptions {
  /** 0 (the default) takes any free port. */
  port?: number;
  /** Default `127.0.0.1`. */
  host?: string;
  /** The same seed gives the same TTFT sequence per profile, the same words and the same faults. Default 1. */
  seed?: number;
  /** The profile of requests whose model names none. Default `groq-gpt-oss-120b`. */
  profile?: string;
  /** Answer 404 to a model that no profile has, instead of playing the default profile. Default false. */
  strict?: boolean;
  /** Answer 401 unless the client sends this key. Default: any key or none will do. */
  requireKey?: string;
  /** Tokens per second after the first token, instead of the profile's assumption. */
  tokensPerSecond?: number;
  /** Larger request bodies get a 413. Default 4 MiB. */
  maxBodyBytes?: number;
  /** The day the receptionist takes "tomorrow" from, `YYYY-MM-DD`. Default: the clock's. */
  today?: string;
  clock?: Clock;
  /** Aborting closes the emulator. */
  signal?: AbortSignal;
}
