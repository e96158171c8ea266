import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

export const studio: CommandEntry = {
  define: (command) =>
    command
      .name('studio')
      .description('Opens a page to talk to the agent, see each turn’s ledger and switch levers.')
      .option('--port <n>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535), 3210)
      .option('--host <address>', 'address to listen on', '127.0.0.1')
      .option('--open', 'open the page in the browser')
      .option('-p, --profile <name>', 'which LLM answers first; the page can change it')
      .option(
        '-s, --seed <n>',
        'seed of the sample call and of emulated delays',
        wholeNumber(0, 2 ** 31 - 1),
        1,
      )
      .option('-o, --out <dir>', 'where turn records go', 'firstword-out/studio')
      .option(
        '--low-latency',
        "begin with Firstword's levers instead of LiveKit's defaults; the page switches them",
      )
      .option('--transcripts', 'write the words of both sides into the records')
      .option(
        '--keep-days <n>',
        'remove records and tapes in --out that are older, at the start',
        wholeNumber(1, 3650),
      )
      .addHelpText(
        'after',
        `
Nothing leaves this machine unless a real LLM is configured and chosen. Browsers give a page the microphone only on
localhost or over HTTPS: with --host, put a TLS proxy in front.

Examples:
  $ npm start
  $ npm start -- --port 8080 --open
  $ npm start -- --low-latency
  $ GROQ_API_KEY=… npm start`,
      ),
  load: async () => (await import('./studio.js')).studio,
};
