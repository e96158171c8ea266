import type { Command } from 'commander';

/** Passed to every command besides its options. */
export interface CommandContext {
  /** Version of the firstword package. */
  version: string;
}

/** One command: its definition, which is cheap to load, and a loader for its implementation. */
export interface CommandEntry {
  /** Sets name, options and help of the command. */
  define(command: Command): Command;
  /** Imports the implementation. It is called only when the command runs, so heavy packages load on demand. */
  // biome-ignore lint/suspicious/noExplicitAny: each command reads its own options; commander has checked their names.
  load(): Promise<(options: any, context: CommandContext) => Promise<void>>;
}
