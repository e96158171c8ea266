/** Options of `firstword compare`, as commander parses them. */
export interface CompareOptions {
  /** Comma-separated arms; the first is the baseline. */
  arms: string;
  /** `all`, `core` or names of calls. */
  calls?: string;
  /** Recordings to play instead: a file or a folder. */
  audio?: string;
  /** File for an HTML page. */
  html?: string;
  /** How often each arm gets each call. */
  rounds: number;
  /** Name of the LLM. */
  profile?: string;
  /** Name of an LLM setup, or `all`. */
  setup?: string;
  /** Hosted speech instead of the embedded one: an STT and a TTS with a `+` between, or `livekit-inference`. */
  speech?: string;
  /** Latency profile of emulated realtime models, or `live` for the real provider. */
  realtime?: string;
  /** Play a first call for each arm that is not counted. */
  warmUp: boolean;
  /** Folder in which routers keep learned latencies between runs. */
  memory?: string;
  /** comparison.json files to pool; nothing is played. */
  merge?: string[];
  /** Folder of a stopped comparison to continue. */
  resume?: string;
  seed: number;
  /** Folder for tapes, records and figures. */
  out?: string;
  transcripts?: boolean;
  /** Print JSON. */
  json?: boolean;
}
