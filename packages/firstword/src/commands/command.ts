import type { Command } from 'commander';

export interface CommandContext {
  version: string;
}

/** One command: what it takes (cheap to load), and how to get the code that runs it (loaded when called). */
export interface CommandEntry {
  define(command: Command): Command;
  // biome-ignore lint/suspicious/noExplicitAny: each command reads its own options; commander has checked their names.
  load(): Promise<(options: any, context: CommandContext) => Promise<void>>;
}
