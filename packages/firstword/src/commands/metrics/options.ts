/** Options of `firstword metrics`, as commander parses them. */
export interface MetricsOptions {
  /** Folder of the turn records, searched recursively. */
  dir: string;
  /** 0 picks a free port. */
  port: number;
  host: string;
}
