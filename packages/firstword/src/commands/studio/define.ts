import { CALLS, REALTIME } from '../../fetched/package-set.js';
import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

/** The `studio` command. */
export const studio: CommandEntry = {
  define: (command) =>
    command
      .name('studio')
      .description('Serves a page to talk to the sample agent, see each turn’s ledger and switch levers.')
      .option('--port <n>', 'port to listen on; 0 picks a free one', wholeNumber(0, 65_535), 3210)
      .option(
        '--host <address>',
        'address to listen on; on another one, the page needs the token of the printed address',
        '127.0.0.1',
      )
      .option(
        '--allow-host <name>',
        'host name of a proxy under which the page may be opened; repeatable',
        (name: string, before: string[] = []) => [...before, name],
      )
      .option('--open', 'open the page in the browser')
      .option('-p, --profile <name>', 'LLM to start with (an unknown name lists all); the page can change it')
      .option(
        '--realtime <name>',
        'a realtime model answers, emulated: openai, xai, gemini, gpt-live, half-cascade, transcript or delegation; openai:live needs a key',
      )
      .option(
        '-s, --seed <n>',
        'seed of the sample call and of emulated delays',
        wholeNumber(0, 2 ** 31 - 1),
        1,
      )
      .option('-o, --out <dir>', 'folder for turn records', 'firstword-out/studio')
      .option(
        '--low-latency',
        "start with Firstword's levers instead of LiveKit's defaults; the page can change them",
      )
      .option('--transcripts', 'write the words of both sides into the records')
      .option(
        '--keep-days <n>',
        'at the start, remove records and tapes in --out that are older',
        wholeNumber(1, 3650),
      )
      .addHelpText(
        'after',
        `
No data leaves this machine unless a real LLM is configured and selected, or a realtime model is named with :live.
Browsers allow microphone access on localhost or over HTTPS only: with --host, put a TLS proxy in front that passes the
Host header on, and name it with --allow-host.

Examples:
  $ npx firstword studio --open
  $ npx firstword studio --port 8080 --low-latency
  $ GROQ_API_KEY=… npx firstword studio
  $ npx firstword studio --realtime openai     each turn of a speech-to-speech model
  $ npm start                                  the same in a clone of the repository`,
      ),
  needs: (command) => (command.opts().realtime === undefined ? CALLS : REALTIME),
  load: async () => (await import('./studio.js')).studio,
};
