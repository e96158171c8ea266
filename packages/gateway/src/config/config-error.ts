import { FirstwordError } from '@firstword/turn';

/** Something in the config file that cannot be used. */
export interface ConfigProblem {
  /** Line in the file, from 1. */
  line: number;
  /** Column in that line, from 1. */
  column: number;
  /** The setting, such as `routes.gpt-4o-mini.hedge.budget`; empty for the file as a whole. */
  setting: string;
  /** What is wrong, and what may stand there. Never quotes a key. */
  message: string;
}

/** Why a config file cannot be used: its message has one line for each problem, as `FILE:LINE:COLUMN: …`. */
export class ConfigError extends FirstwordError {
  readonly file: string;
  /** In the order of the file; at least one. */
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    const inOrder = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
    const lines = inOrder.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
    super('bad_input', lines.join('\n'));
    this.name = 'ConfigError';
    this.file = file;
    this.problems = inOrder;
  }
}
