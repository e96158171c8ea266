export interface WhatIfCommandOptions {
  /** Files, folders and `-`. */
  paths: string[];
  set: string[];
  seed: number;
  json?: boolean;
}
