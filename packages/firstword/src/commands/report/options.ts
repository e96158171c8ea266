export interface ReportOptions {
  /** Files, folders and `-`. */
  paths: string[];
  compare?: string[];
  budget?: string;
  worst: number;
  json?: boolean;
  md?: boolean;
  html?: string;
  names?: boolean;
}
