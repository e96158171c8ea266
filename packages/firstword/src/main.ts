import { createRequire } from 'node:module';
import { isFirstwordError } from '@firstword/turn';
import { Command, CommanderError } from 'commander';
import { COMMANDS } from './commands/index.js';
import { runFetched } from './fetched/run-fetched.js';
import { markDamaged } from './fetched/tree.js';
import { isStopRequested } from './stop-signal.js';
import { guardStream } from './terminal/guard.js';
import { styleOf } from './terminal/style.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Exit codes: 1 for a failure, 2 for invalid usage, 130 when Ctrl-C stops a command. */
const FAILED = 1;
const USAGE = 2;
const STOPPED = 130;

/** Options of `run`. */
export interface RunOptions {
  /** The folder of the fetched tree that this module is in. Only `run` of another installation sets it. */
  fetchedDir?: string;
}

function program(args: string[], { fetchedDir }: RunOptions): Command {
  const firstword = new Command('firstword')
    .description("Shortens the silence between a caller's last word and a voice agent's first word.")
    .version(version, '-V, --version')
    .showHelpAfterError('(see --help for usage)')
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  $ npx firstword demo --turns 3            play a sample call here, print each turn's ledger, write a tape
  $ npx firstword studio --open             talk to the sample agent in the browser
  $ npx firstword doctor calls/             find out why turns are slow and what to change
  $ npx firstword emulate --profile gpt-4o-mini   run an emulated LLM provider on a local port

Exit codes: 0 success; 1 failure; 2 invalid usage; 130 stopped by Ctrl-C.`,
    );
  for (const { define, load, needs } of COMMANDS) {
    const command = define(firstword.command('_'));
    command.exitOverride().showHelpAfterError('(see --help for usage)');
    command.action(async () => {
      const set = needs?.(command);
      if (set && (await runFetched(set, { args, version, fetchedDir }))) return;
      const handler = await load();
      await handler(command.opts(), { version });
    });
  }
  return firstword;
}

/** Exits with 0 when the reader of stdout has closed the pipe, as in `firstword report | head`. */
function exitOnClosedStdout(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}

function guardOutput(): void {
  for (const stream of [process.stdout, process.stderr])
    guardStream(stream, { styled: stream.isTTY || styleOf(stream).colour });
}

/** Runs one command line (arguments without node and script). Sets the process's exit code; never rejects. */
export async function run(args: string[], options: RunOptions = {}): Promise<void> {
  const { fetchedDir } = options;
  if (fetchedDir === undefined) {
    exitOnClosedStdout();
    guardOutput();
  }
  try {
    await program(args, options).parseAsync(args.length > 0 ? args : ['--help'], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : USAGE;
      return;
    }
    // Whatever was starting when Ctrl-C came reports 'aborted'. The user pressed it, so nothing is printed.
    if (isStopRequested() && isFirstwordError(error, 'aborted')) {
      process.exitCode = STOPPED;
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    console.error(`firstword: ${message}`);
    if (fetchedDir !== undefined && isFirstwordError(error, 'model_file')) {
      await markDamaged(fetchedDir);
      console.error(`${fetchedDir} will be fetched again at the next start.`);
    }
    if (!isFirstwordError(error) && process.env.FIRSTWORD_DEBUG) console.error(error);
    process.exitCode = isFirstwordError(error, 'bad_input') ? USAGE : FAILED;
  }
}
