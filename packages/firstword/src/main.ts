import { createRequire } from 'node:module';
import { isFirstwordError } from '@firstword/turn';
import { Command, CommanderError } from 'commander';
import { COMMANDS } from './commands/index.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Exit codes, as shells know them: 1 a failure, 2 a wrong call, 130 stopped by Ctrl-C. */
const FAILED = 1;
const USAGE = 2;

function program(): Command {
  const firstword = new Command('firstword')
    .description("Shortens the silence between a caller's last word and a voice agent's first word.")
    .version(version, '-V, --version')
    .showHelpAfterError('(add --help for what it takes)')
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  $ npx firstword demo --turns 3            a call on this machine, each turn's ledger, a tape
  $ npx firstword studio --open             the same in the browser, with your own voice
  $ npx firstword doctor calls/             why an agent's turns are slow, and what to change
  $ npx firstword emulate --profile gpt-4o-mini   an LLM provider on a local port`,
    );
  for (const { define, load } of COMMANDS) {
    const command = define(firstword.command('_'));
    command.exitOverride().showHelpAfterError('(add --help for what it takes)');
    command.action(async () => {
      const handler = await load();
      await handler(command.opts(), { version });
    });
  }
  return firstword;
}

/** `firstword report | head` is no failure: whoever read our output has seen enough. */
function stopWhereNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}

/** Runs one command line; sets the process's exit code and never throws. */
export async function run(args: string[]): Promise<void> {
  stopWhereNobodyReads();
  try {
    await program().parseAsync(args.length > 0 ? args : ['--help'], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : USAGE;
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    console.error(`firstword: ${message}`);
    if (!isFirstwordError(error) && process.env.FIRSTWORD_DEBUG) console.error(error);
    process.exitCode = isFirstwordError(error, 'bad_input') ? USAGE : FAILED;
  }
}
