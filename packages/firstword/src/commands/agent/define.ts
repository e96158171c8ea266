import { SERVER_HELP } from '../../livekit-server.js';
import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

export const agent: CommandEntry = {
  define: (command) =>
    command
      .name('agent')
      .description('Runs an agent as a LiveKit worker: it answers the rooms of a LiveKit server.')
      .argument('<words...>', 'dev or start, then the file of an agent of your own (its default export)')
      .option('-u, --url <url>', 'the LiveKit server')
      .option('--api-key <key>', 'its API key')
      .option('--api-secret <secret>', 'its API secret')
      .option('-n, --name <name>', 'come only where called by this name, not to every room')
      .option('-p, --profile <name>', 'which LLM the sample agent has (an unknown name lists them all)')
      .option('--livekit-defaults', "the sample agent without Firstword's levers, to compare")
      .option('-o, --out <dir>', "where the sample agent's turn records go", 'firstword-out/agent')
      .option('--transcripts', 'write the words of both sides into the records')
      .option(
        '--tape',
        'write what the sample agent heard and said beside its records, for firstword call --records',
      )
      .option('--keep-days <n>', 'remove records and tapes in DIR that are older', wholeNumber(1, 36_500))
      .option('-s, --seed <n>', 'same seed, same emulated delays', wholeNumber(0, 2 ** 31 - 1), 1)
      .option('--idle <n>', 'processes that stand ready for the next call', wholeNumber(0, 64), 1)
      .option(
        '--drain <seconds>',
        'start: how long calls may go on after SIGTERM',
        wholeNumber(1, 86_400),
        1800,
      )
      .option(
        '--full-at <percent>',
        'start: no new call while the processors are as busy as this; 100 takes every call',
        wholeNumber(1, 100),
        70,
      )
      .option(
        '--metrics-port <port>',
        'serve the turn records of --out as Prometheus metrics on this port (docs/metrics.md)',
        wholeNumber(0, 65_535),
      )
      .hook('preAction', (self) => {
        self.setOptionValue('words', self.args);
      })
      .addHelpText(
        'after',
        `
dev stops at once on Ctrl-C. start, for production, takes no more calls on SIGTERM or Ctrl-C and lets those that are
going on come to their end first; the second Ctrl-C cuts them. While its machine is busy it takes no new call, either
(--full-at): the server gives it to another worker, or to none where there is no other.

Without a file the sample agent answers: the restaurant of the demo, with this machine's speech-to-text and voice, and
Firstword's levers on. Of a call it writes figures and nothing that was said, unless --transcripts or --tape ask for it.
A file of your own is any LiveKit agent (export default defineAgent(...)), Firstword or not.

${SERVER_HELP}

Examples:
  $ npx firstword agent dev
  $ npx firstword agent dev --livekit-defaults --profile gpt-4o-mini
  $ npx firstword agent start ./my-agent.js --name receptionist
  $ npx firstword agent start --metrics-port 9464   and let Prometheus scrape it
  $ npx firstword call --calls 3                  call it, from another terminal`,
      ),
  load: async () => {
    // Anything else, and LiveKit's SDK logs every message on stdout.
    process.env.NODE_ENV = 'production';
    return (await import('./agent.js')).agent;
  },
};
