import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

const collect = (value: string, before: string[]) => [...before, value];

/** The `emulate` command. */
export const emulate: CommandEntry = {
  define: (command) =>
    command
      .name('emulate')
      .description(
        'Runs an emulated LLM provider on a local port: real sockets, published delays, scripted answers.',
      )
      .option('--port <n>', 'port to listen on; 0 picks a free one', wholeNumber(0, 65_535), 0)
      .option('--host <address>', 'address to listen on', '127.0.0.1')
      .option('-p, --profile <name>', 'profile for requests that name none')
      .option('-s, --seed <n>', 'seed of the delays', wholeNumber(0, 2 ** 31 - 1), 1)
      .option('--fault <kind>', 'KIND[:NUMBER][@PROBABILITY]; repeatable', collect, [])
      .option('--faults <file>', 'fault plan as JSON: schedules, probabilities, per profile')
      .option('--limits <preset>', 'rate limits per key that queue or reject: groq-free-tier')
      .option(
        '--rtt <ms>',
        'round-trip time to the provider; a new connection costs two more',
        wholeNumber(0, 10_000),
      )
      .option('--tls', 'serve HTTPS with a certificate created at the start')
      .option('--key-env <name>', 'reject requests without the API key in this environment variable')
      .option('--key-file <file>', 'reject requests without the API key in this file')
      .option('--strict', 'reject models without a profile')
      .option('--list', 'list the profiles with their sources, then exit')
      .option('--json', 'print as JSON')
      .addHelpText(
        'after',
        `
Point any OpenAI-compatible client at the printed base URL. Any API key is accepted unless --key-env or --key-file is given.

Faults, as KIND[:NUMBER][@PROBABILITY] (a NUMBER in brackets is optional):
  straggler:MS                the whole response is delayed
  slowdown:FACTOR             all delays are multiplied by FACTOR
  no-headers                  the request is accepted and never answered
  hang-up                     the connection is closed before any response
  headers-then-comments[:MS]  headers, then keep-alive comments without end
  role-then-nothing           headers and the role chunk, then nothing
  empty-stream                a 200 without any event
  empty-answer                a well-formed stream without content
  error-frame                 a 200 with an error in the stream
  http-error:STATUS           an error response with the provider's error body
  rate-limited[:SECONDS]      a 429, with retry-after if SECONDS is given
  stall[:PIECES]              content stops mid-word, the connection stays open
  reset[:PIECES]              the connection is reset mid-word
  cut-off[:PIECES]            the stream ends mid-word as if complete
  garbage[:PIECES]            invalid UTF-8 between two pieces
  long-line:BYTES             a single event of that length
  broken-tool-json            tool arguments that end before the JSON is complete
  slow-drip[:MS]              a few bytes at a time
  html-page                   a 200 with a web page
Schedules (nth, every, from, until, per profile) need a fault plan: --faults FILE with
  {"rules": [{"fault": {"kind": "stall"}, "nth": [10]}, {"fault": {"kind": "http-error", "status": 503}, "probability": 0.05}]}

Examples:
  $ npx firstword emulate --list
  $ npx firstword emulate --profile gpt-4o-mini --fault straggler:5000@0.01 --rtt 120
  $ npx firstword emulate --profile groq-gpt-oss-120b --port 8000`,
      ),
  load: async () => (await import('./emulate.js')).emulate,
};
