import type { Clock } from '@firstword/turn';
import type { FaultPlan } from './faults/fault.js';
import type { LimitPlan, LimitPreset } from './limits/plan.js';
import type { CustomProfile } from './profiles/book.js';
import type { TtftOrder } from './profiles/ttft-draws.js';

/** What distance costs. */
export interface NetworkPlan {
  /** Round trip to the provider, ms. Each request costs one. */
  rttMs: number;
  /** Round trips before a new connection carries its first request. Default 2: TCP, and TLS 1.3. */
  coldRoundTrips?: number;
}

/** Options of `startEmulator`. Plain data apart from `clock` and `signal`, so that a command line can pass them on. */
export interface EmulatorOptions {
  /** 0 (the default) takes any free port. */
  port?: number;
  /** Default `127.0.0.1`. */
  host?: string;
  /** The same seed gives the same TTFT sequence per profile, the same words and the same faults. Default 1. */
  seed?: number;
  /**
   * `by question` gives the n-th request that ends in the same words of the caller the same TTFT, whatever else was
   * asked before: agents that are compared then meet the same delays, however often each of them asks. Default
   * `by request`.
   */
  ttftOrder?: TtftOrder;
  /** The profile of requests whose model names none. Default `groq-gpt-oss-120b`. */
  profile?: string;
  /** Profiles of your own, with your own figures: they come before the published ones. */
  profiles?: readonly CustomProfile[];
  /** Answer 404 to a model that no profile has, instead of playing the default profile. Default false. */
  strict?: boolean;
  /** Answer 401 unless the client sends this key. Default: any key or none will do. */
  requireKey?: string;
  /** Tokens per second after the first token, instead of the profile's assumption. */
  tokensPerSecond?: number;
  /** Limits per key; the first that fits a request's profile counts. Default: none. */
  limits?: readonly (LimitPlan | LimitPreset)[];
  /** Cached prompt prefixes shorten the TTFT, by the published gain. Default true. */
  promptCache?: boolean;
  /** Faults by schedule or probability. Default: none. See also `Emulator.setFaults`. */
  faults?: FaultPlan;
  /** Distance to the provider. Default: none. */
  network?: NetworkPlan;
  /** Real TLS with a certificate made at the start: see `Emulator.caPem`. Default false. */
  tls?: boolean;
  /** Larger request bodies get a 413. Default 4 MiB. */
  maxBodyBytes?: number;
  /** The day the receptionist takes "tomorrow" from, `YYYY-MM-DD`. Default: the clock's. */
  today?: string;
  clock?: Clock;
  /** Aborting closes the emulator. */
  signal?: AbortSignal;
}
