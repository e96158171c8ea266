/** Options of `firstword emulate`, as commander parses them. */
export interface EmulateOptions {
  /** 0 picks a free port. */
  port: number;
  host: string;
  /** Profile for requests that name none. */
  profile?: string;
  seed: number;
  /** Faults as `KIND[:NUMBER][@PROBABILITY]`. */
  fault: string[];
  /** File of a fault plan. */
  faults?: string;
  /** Preset of rate limits. */
  limits?: string;
  /** Round-trip time to the provider, ms. */
  rtt?: number;
  tls?: boolean;
  /** Reject requests without the API key in this environment variable. */
  keyEnv?: string;
  /** Reject requests without the API key in this file. */
  keyFile?: string;
  /** Reject models without a profile. */
  strict?: boolean;
  /** Serve these speech services too, separated by commas. */
  speech?: string;
  /** File with the caller's lines: what the STT services hear. */
  transcript?: string;
  /** Timing of all STT, or TTS, services. */
  sttProfile?: string;
  ttsProfile?: string;
  /** Faults of the speech services as `KIND[:NUMBER][@PROBABILITY]`. */
  speechFault: string[];
  /** File of a fault plan for the speech services. */
  speechFaults?: string;
  /** Serve the realtime (speech-to-speech) APIs too. */
  realtime?: boolean;
  /** Latency of all realtime APIs. */
  realtimeProfile?: string;
  /** Faults of the realtime APIs as `KIND[:NUMBER][@PROBABILITY]`. */
  realtimeFault: string[];
  /** File of a fault plan for the realtime APIs. */
  realtimeFaults?: string;
  /** List the profiles and exit. */
  list?: boolean;
  /** Print JSON. */
  json?: boolean;
}
