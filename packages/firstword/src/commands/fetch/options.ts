/** Options of `firstword fetch`, as commander parses them. */
export interface FetchOptions {
  /** What to fetch. */
  what: string;
}
