import { linkText, pageUrl } from '@firstword/doctor/pages';
import { Option } from 'commander';
import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';
import { LOG_LEVELS } from './options.js';

const HELP = `
Clients set one base URL: http://127.0.0.1:4100/v1 for OpenAI's API (chat completions and Responses), http://127.0.0.1:4100 for
Anthropic's. The first model answers. If it is later than usual, fails or stalls, the next one answers, within a hedge budget of
10 % of the requests. The gateway answers any model name that a client sends; with a config file, the names of its routes.

Models are PROVIDER:MODEL, PROVIDER:MODEL@URL for your own server, or emulated:PROFILE, which needs no key. API keys are read from
the environment, such as OPENAI_API_KEY. ${linkText(pageUrl('gateway-config.md'))} explains the config file.

Signals: SIGHUP reads the config file again; active answers continue. After SIGTERM or Ctrl-C the gateway refuses new requests and
waits for active answers, up to server.drainMs (30 s); a second signal ends them at once.

Exit codes of --check: 0 ready to start; 1 environment variables are missing; 2 the config cannot be used.

Examples:
  $ npx firstword gateway emulated:gpt-4o-mini emulated:groq-gpt-oss-120b      to try it without a key
  $ npx firstword gateway openai:gpt-4o-mini groq:openai/gpt-oss-120b
  $ npx firstword gateway --config gateway.yaml --check
  $ kill -HUP PID                                                              after a change of the file`;

/** The `gateway` command. */
export const gateway: CommandEntry = {
  define: (command) =>
    command
      .name('gateway')
      .description('Serves the router to agents in any language: an OpenAI- and Anthropic-compatible server.')
      .argument('[models...]', 'the model that answers, then its backups')
      .option('-c, --config <file>', 'routes and settings as YAML or JSON, instead of models')
      .option(
        '-p, --port <n>',
        'port to listen on; 0 picks a free one (default: 4100)',
        wholeNumber(0, 65_535),
      )
      .option(
        '--host <address>',
        'address to listen on; another one needs a token in FIRSTWORD_GATEWAY_TOKEN (default: 127.0.0.1)',
      )
      .option('--voice', 'hold text until the first clause, so that a stalled stream is replaced unheard')
      .option('--check', 'say what each route would do and which variables are missing, then exit')
      .option(
        '--no-warm-up',
        'do not compile the code before the first request; with the warm-up, /readyz answers 503 for up to 3 s',
      )
      .addOption(
        new Option('--log <level>', 'lines on stderr while it runs').choices(LOG_LEVELS).default('problems'),
      )
      .option('--json', 'print the address, or the result of --check, as JSON')
      .hook('preAction', (self) => {
        self.setOptionValue('models', self.args);
      })
      .addHelpText('after', HELP),
  load: async () => (await import('./gateway.js')).gateway,
};
