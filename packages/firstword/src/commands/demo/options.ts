/** Options of `firstword demo`, as commander parses them. */
export interface DemoOptions {
  /** Caller turns to play. */
  turns: number;
  /** Name of the LLM. */
  profile?: string;
  seed: number;
  /** Folder of the records and the tape. */
  out: string;
  /** Print JSON lines. */
  json?: boolean;
  /** Switch on Firstword's levers. */
  lowLatency?: boolean;
  /** Say a filler phrase when an answer is late. */
  filler?: boolean;
  /** Write the words of both sides into the records. */
  transcripts?: boolean;
}
