import type { Clock } from '@firstword/turn';
import type { FaultPlan } from './faults/fault.js';
import type { LimitPlan, LimitPreset } from './limits/plan.js';
import type { CustomProfile } from './profiles/registry.js';
import type { TtftSequence } from './profiles/ttft-sampler.js';

/** Network distance between client and provider. */
export interface NetworkConditions {
  /** Round-trip time, ms, ≥ 0. It delays every response by one round trip. */
  rttMs: number;
  /** Round trips before a new connection carries its first request. Default 2: one for TCP, one for TLS 1.3. */
  handshakeRoundTrips?: number;
}

/** Options of `startEmulator`. Plain data apart from `clock` and `signal`. */
export interface EmulatorOptions {
  /** Port to listen on. Default 0: any free port. */
  port?: number;
  /** Address to listen on. Default `127.0.0.1`. */
  host?: string;
  /** Seed of TTFTs, reply wording and faults: the same seed gives the same sequence of each. Default 1. */
  seed?: number;
  /**
   * How TTFTs are assigned to requests. `per-request`: in the order in which a profile's requests arrive.
   * `per-question`: the n-th request with the same last user message gets the same TTFT, whatever came before. Use
   * `per-question` to compare agents that send different numbers of requests: both get the same delays. Default
   * `per-request`.
   */
  ttftSequence?: TtftSequence;
  /** The profile used when neither the URL nor the model names one. Default `groq-gpt-oss-120b`. */
  profile?: string;
  /** Custom profiles. They take precedence over published profiles of the same name. */
  profiles?: readonly CustomProfile[];
  /** Answer 404 for an unknown model instead of using the default profile. Default false. */
  strict?: boolean;
  /** Answer 401 unless the client sends this API key. Default: no key is required. */
  requireKey?: string;
  /** Output tokens per second after the first token, > 0. Default: the profile's `tokensPerSecond`. */
  tokensPerSecond?: number;
  /** Rate limits per API key; the first entry that matches a request's profile applies. Default: none. */
  limits?: readonly (LimitPlan | LimitPreset)[];
  /** Cached prompt prefixes shorten the TTFT by the published ratio. Default true. */
  promptCache?: boolean;
  /** Faults to inject, by request number or probability. Default: none. See also `Emulator.setFaults`. */
  faults?: FaultPlan;
  /** Emulated network distance. Default: none. */
  network?: NetworkConditions;
  /** Serve HTTPS with a self-signed certificate generated at the start: see `Emulator.caPem`. Default false. */
  tls?: boolean;
  /** Largest request body, bytes; a larger one gets a 413. Default 4 MiB (4,194,304). */
  maxBodyBytes?: number;
  /** The receptionist's current date, `YYYY-MM-DD`, from which "tomorrow" is counted. Default: the clock's date, UTC. */
  today?: string;
  /** The clock that delays are scheduled on. Default: the system clock. */
  clock?: Clock;
  /** Aborting it closes the emulator. */
  signal?: AbortSignal;
}
