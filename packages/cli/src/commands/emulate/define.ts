import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../index.js';

export interface EmulateOptions {
  port: number;
  host: string;
  profile?: string;
  seed: number;
  list?: boolean;
  json?: boolean;
}

export const emulate: CommandEntry = {
  define: (command) =>
    command
      .name('emulate')
      .description('Runs an LLM provider on a local port: real sockets, published delays, scripted answers.')
      .option('--port <n>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535), 0)
      .option('--host <address>', 'address to listen on', '127.0.0.1')
      .option('-p, --profile <name>', 'delays to play where a request names no profile')
      .option('-s, --seed <n>', 'same seed, same delays', wholeNumber(0, 2 ** 31 - 1), 1)
      .option('--list', 'list the profiles with their sources, and stop')
      .option('--json', 'print as JSON')
      .addHelpText(
        'after',
        `
Point any OpenAI-compatible client at the printed base URL; any key is accepted.

Examples:
  $ npx firstword emulate --list
  $ npx firstword emulate --profile groq-gpt-oss-120b --port 8000`,
      ),
  load: async () => (await import('./emulate.js')).emulate,
};
