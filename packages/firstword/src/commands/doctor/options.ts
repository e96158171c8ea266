import type { PublishedTtft } from '@firstword/doctor';

/** Options of `firstword doctor`, as commander parses them. */
export interface DoctorOptions {
  /** Files, folders, `-`, or pasted lines. */
  inputs: string[];
  /** The LLM of turns whose data does not name it. */
  llm?: { provider: string; model: string };
  /** The user's own ranges of times to first token, before the published ones. */
  ttft?: PublishedTtft[];
  /** Print JSON. */
  json?: boolean;
  /** Print Markdown. */
  md?: boolean;
  /** Show call ids and file names unredacted. */
  names?: boolean;
  /** Print every finding in full. */
  all?: boolean;
  /** Exit with 1 for a finding of this level or above. */
  failOn?: 'low' | 'medium' | 'high';
  /** Rule to explain, or `all`. */
  explain?: string;
}
