import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

const collect = (value: string, before: string[]) => [...before, value];

export const emulate: CommandEntry = {
  define: (command) =>
    command
      .name('emulate')
      .description('Runs an LLM provider on a local port: real sockets, published delays, scripted answers.')
      .option('--port <n>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535), 0)
      .option('--host <address>', 'address to listen on', '127.0.0.1')
      .option('-p, --profile <name>', 'delays to play where a request names no profile')
      .option('-s, --seed <n>', 'same seed, same delays', wholeNumber(0, 2 ** 31 - 1), 1)
      .option('--fault <kind>', 'KIND[:NUMBER][@PROBABILITY]; may be given more than once', collect, [])
      .option('--faults <file>', 'a fault plan as JSON: schedules, probabilities, per profile')
      .option('--limits <preset>', 'limits per key that queue or reject: groq-free-tier')
      .option(
        '--rtt <ms>',
        'round trip to the provider; a new connection costs two more',
        wholeNumber(0, 10_000),
      )
      .option('--tls', 'HTTPS, with a certificate made at the start')
      .option('--key <key>', 'refuse requests without this key')
      .option('--strict', 'refuse models that no profile has')
      .option('--list', 'list the profiles with their sources, and stop')
      .option('--json', 'print as JSON')
      .addHelpText(
        'after',
        `
Point any OpenAI-compatible client at the printed base URL; any key is accepted.

Faults, as KIND[:NUMBER][@PROBABILITY] (NUMBER in brackets may be left out):
  straggler:MS                everything later
  slowdown:FACTOR             everything that many times slower
  no-headers                  taken, and nothing comes
  hang-up                     the connection breaks before any answer
  headers-then-comments[:MS]  headers, then keep-alive comments for ever
  role-then-nothing           headers and the opening chunk, then silence
  empty-stream                a 200 without one event
  empty-answer                a well-formed stream without content
  error-frame                 a 200 with an error in the stream
  http-error:STATUS           an error response, its body as the provider writes it
  rate-limited[:SECONDS]      a 429, with retry-after if told
  stall[:PIECES]              content stops in mid-word, the connection stays open
  reset[:PIECES]              the connection is reset in mid-word
  cut-off[:PIECES]            the stream ends in mid-word, as if complete
  garbage[:PIECES]            bytes that are no UTF-8 between two pieces
  long-line:BYTES             one event that long
  broken-tool-json            tool arguments that stop short of valid JSON
  slow-drip[:MS]              a few bytes at a time
  html-page                   a 200 with a web page
Schedules (the nth, every nth, from, until, per profile) go into a plan: --faults FILE with
  {"rules": [{"fault": {"kind": "stall"}, "nth": [10]}, {"fault": {"kind": "http-error", "status": 503}, "probability": 0.05}]}

Examples:
  $ npx firstword emulate --list
  $ npx firstword emulate --profile gpt-4o-mini --fault straggler:5000@0.01 --rtt 120
  $ npx firstword emulate --profile groq-gpt-oss-120b --port 8000`,
      ),
  load: async () => (await import('./emulate.js')).emulate,
};
