/** Options of `firstword what-if`, as commander parses them. */
export interface WhatIfCommandOptions {
  /** Files, folders and `-`. */
  paths: string[];
  /** Changes to replay, such as `warm` or `hedge=groq@500ms`. */
  set: string[];
  seed: number;
  /** Print JSON. */
  json?: boolean;
}
