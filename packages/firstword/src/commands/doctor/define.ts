import { InvalidArgumentError } from 'commander';
import type { CommandEntry } from '../command.js';

function llmOption(text: string): { provider: string; model: string } {
  const [, provider, model = 'unknown'] = /^([^/\s]+)(?:\/(\S+))?$/.exec(text) ?? [];
  if (!provider)
    throw new InvalidArgumentError('It takes PROVIDER or PROVIDER/MODEL, such as groq/openai/gpt-oss-120b.');
  return { provider, model };
}

function levelOption(text: string): string {
  if (!['low', 'medium', 'high'].includes(text))
    throw new InvalidArgumentError('It takes low, medium or high.');
  return text;
}

export const doctor: CommandEntry = {
  define: (command) =>
    command
      .name('doctor')
      .description(
        'Says where the silence of an agent’s turns comes from, what to change, and how much it should save.',
      )
      .argument(
        '[inputs...]',
        'files, folders with all below them, - for standard input, or a pasted line (default: firstword-out)',
      )
      .option(
        '--llm <provider/model>',
        'who answered, where the data does not tell: groq, or groq/openai/gpt-oss-120b',
        llmOption,
      )
      .option('--all', 'every finding in full: evidence, assumptions, rivals, what to log next')
      .option('--json', 'everything, as one JSON object on stdout; progress on stderr')
      .option('--md', 'as Markdown, to paste into a forum')
      .option(
        '--names',
        'call ids and file names as they are: telephone numbers and e-mail addresses stay in',
      )
      .option(
        '--fail-on <level>',
        'exit 1 where there is a finding of this level or above: low, medium, high',
        levelOption,
      )
      .option(
        '--explain <rule>',
        'tell what one rule looks for, how it reasons and where its figures are from; `all` lists them',
      )
      .hook('preAction', (self) => {
        self.setOptionValue('inputs', self.args);
      })
      .addHelpText(
        'after',
        `
It reads LiveKit's chat history (one line of it is enough, also with the curly quotes of a forum), OTLP/JSON traces, the
console logs of LiveKit agents that carry metrics (Node and Python, JSON or laid out for people) and Firstword's turn
records; mixed, cut short, and gzip. Agents need not have heard of Firstword. Nothing leaves this machine, and the answer
holds no words of either side.

Findings are ranked by what the change would save on your turns (with its interval) times how sure that is. Where two
explain the same time, both say so: savings do not add up. What the data cannot tell, it says, with what to log next.

Levels: high from 200 ms of saving × confidence, medium from 60 ms, low below.

Exit codes: 0 examined; 1 a finding of the --fail-on level or above; 2 nothing that could be understood, or a wrong call;
130 stopped by Ctrl-C.

Examples:
  $ npx firstword doctor calls/                          every file of a folder
  $ npx firstword doctor '{"chat.item":{"message":…}}'   one line of a log
  $ kubectl logs my-agent | npx firstword doctor - --llm groq/openai/gpt-oss-120b
  $ npx firstword doctor nightly.jsonl --fail-on high    in CI
  $ npx firstword doctor --explain ttft-range`,
      ),
  load: async () => (await import('./doctor.js')).doctor,
};
