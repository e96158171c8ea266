import type { Command } from 'commander';
import type { PackageSet } from '../fetched/package-set.js';

/** Passed to every command besides its options. */
export interface CommandContext {
  /** Version of the firstword package. */
  version: string;
}

/** One command: its definition, which is cheap to load, and a loader for its implementation. */
export interface CommandEntry {
  /** Sets name, options and help of the command. */
  define(command: Command): Command;
  /**
   * Packages that the command needs and that do not come with this one. If they are not installed, they are fetched and
   * the command runs there. Called with the parsed command. Absent: it needs none.
   */
  needs?(command: Command): PackageSet | undefined;
  /** Imports the implementation. It is called only when the command runs, so heavy packages load on demand. */
  // biome-ignore lint/suspicious/noExplicitAny: each command reads its own options; commander has checked their names.
  load(): Promise<(options: any, context: CommandContext) => Promise<void>>;
}
