export interface DoctorOptions {
  /** Files, folders, `-`, or a pasted line. */
  inputs: string[];
  llm?: { provider: string; model: string };
  json?: boolean;
  md?: boolean;
  names?: boolean;
  all?: boolean;
  failOn?: 'low' | 'medium' | 'high';
  explain?: string;
}
