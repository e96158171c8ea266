/** Options of `firstword report`, as commander parses them. */
export interface ReportOptions {
  /** Files, folders and `-`. */
  paths: string[];
  /** Two sets of records to compare. */
  compare?: string[];
  /** Limits on percentiles (ms) and failed turns (percent), such as `p50=600,p95=900,failed=1`. */
  budget?: string;
  /** Number of the slowest turns to list. */
  worst: number;
  /** Print JSON. */
  json?: boolean;
  /** Print Markdown. */
  md?: boolean;
  /** File for an HTML report. */
  html?: string;
  /** Show call ids and file names unredacted. */
  names?: boolean;
}
