/** Options of `firstword studio`, as commander parses them. */
export interface StudioOptions {
  /** 0 picks a free port. */
  port: number;
  host: string;
  /** Further host names under which the page may be opened. */
  allowHost?: string[];
  /** Open the page in the browser. */
  open?: boolean;
  /** Name of the LLM to start with. */
  profile?: string;
  /** A realtime model that answers, such as `openai` (emulated) or `openai:live`. */
  realtime?: string;
  /** Seed of the sample call and of emulated delays. */
  seed: number;
  /** Folder of the turn records. */
  out: string;
  /** Start with Firstword's levers. */
  lowLatency?: boolean;
  /** Write the words of both sides into the records. */
  transcripts?: boolean;
  /** Remove older files in `out` at the start, days. */
  keepDays?: number;
}
