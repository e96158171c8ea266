import { CALLS, PROJECT } from '../../fetched/package-set.js';
import { SERVER_HELP } from '../../livekit-server.js';
import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

const HELP = `
dev stops immediately on Ctrl-C. start is for production: on SIGTERM or Ctrl-C it accepts no more calls and waits for the
running ones to end; a second Ctrl-C cuts them off. While the CPU is busy (--full-at) it accepts no new calls: the server
gives them to another worker, if there is one.

Without a file the sample agent answers: the demo's restaurant, with embedded speech-to-text and text-to-speech and
Firstword's levers on. It records figures but no words or audio unless --transcripts or --tape is given. Your own file can
be any LiveKit agent (export default defineAgent(...)), with or without Firstword. A .ts file is run by your project's tsx, or
by Node.js from 22.18.

${SERVER_HELP}

Examples:
  $ npx firstword agent dev
  $ npx firstword agent dev --livekit-defaults --profile gpt-4o-mini
  $ npx firstword agent start ./my-agent.js --name receptionist
  $ npx firstword agent start --metrics-port 9464   serve metrics for Prometheus
  $ npx firstword call --calls 3                    call the agent from another terminal`;

/** The `agent` command. */
export const agent: CommandEntry = {
  define: (command) =>
    command
      .name('agent')
      .description('Runs an agent as a LiveKit worker that answers the rooms of a LiveKit server.')
      .argument('<args...>', 'dev or start, then optionally the file of your own agent (default export)')
      .option('-u, --url <url>', 'address of the LiveKit server')
      .option('--api-key <key>', 'API key of the server: its name, not its secret')
      .option('--api-secret-file <file>', 'file with the API secret of the server')
      .option('-n, --name <name>', 'agent name for explicit dispatch; without it, every new room is answered')
      .option('-p, --profile <name>', 'LLM of the sample agent (an unknown name lists all)')
      .option('--livekit-defaults', "run the sample agent without Firstword's levers, for comparison")
      .option('-o, --out <dir>', "folder for the sample agent's turn records", 'firstword-out/agent')
      .option('--transcripts', 'write the words of both sides into the records')
      .option(
        '--tape',
        "record the sample agent's audio in both directions next to its records, for firstword call --records",
      )
      .option(
        '--keep-days <n>',
        'at the start, remove records and tapes in --out that are older',
        wholeNumber(1, 36_500),
      )
      .option('-s, --seed <n>', 'seed of the emulated delays', wholeNumber(0, 2 ** 31 - 1), 1)
      .option('--idle <n>', 'idle processes kept ready for the next calls', wholeNumber(0, 64), 1)
      .option(
        '--drain <seconds>',
        'start: longest time that calls may continue after SIGTERM',
        wholeNumber(1, 86_400),
        1800,
      )
      .option(
        '--full-at <percent>',
        'start: CPU load from which no new calls are accepted; 100 accepts all',
        wholeNumber(1, 100),
        70,
      )
      .option(
        '--metrics-port <port>',
        'serve the turn records of --out as Prometheus metrics on this port, see firstword metrics --help',
        wholeNumber(0, 65_535),
      )
      .hook('preAction', (self) => {
        self.setOptionValue('args', self.args);
      })
      .addHelpText('after', HELP),
  needs: ({ args }) => (args.length > 1 ? PROJECT : CALLS),
  load: async () => {
    // With any other value, LiveKit's SDK logs every message to stdout.
    process.env.NODE_ENV = 'production';
    return (await import('./agent.js')).agent;
  },
};
