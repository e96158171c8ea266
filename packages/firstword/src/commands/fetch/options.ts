/** Options of `firstword fetch`, as commander parses them. */
export interface FetchCommandOptions {
  /** What to fetch. */
  what: string;
}
