import type { PublishedTtft } from '@firstword/doctor';
import { InvalidArgumentError } from 'commander';
import type { CommandEntry } from '../command.js';

function llmOption(text: string): { provider: string; model: string } {
  const [, provider, model = 'unknown'] = /^([^/\s]+)(?:\/(\S+))?$/.exec(text) ?? [];
  if (!provider)
    throw new InvalidArgumentError('It takes PROVIDER or PROVIDER/MODEL, such as groq/openai/gpt-oss-120b.');
  return { provider, model };
}

/** `azure/gpt-4o=700/1500`: provider, model, p50 and p95 in ms. */
function ttftOption(text: string, before: PublishedTtft[] = []): PublishedTtft[] {
  const [, provider, model, p50, p95] = /^([^/=\s]+)\/([^=\s]+)=(\d+)\/(\d+)$/.exec(text) ?? [];
  if (!provider || !model || !p50 || Number(p95) < Number(p50))
    throw new InvalidArgumentError('It takes PROVIDER/MODEL=P50/P95 in ms, such as azure/gpt-4o=700/1500.');
  return [
    ...before,
    {
      provider: provider.toLowerCase(),
      models: [model],
      p50Ms: Number(p50),
      p95Ms: Number(p95),
      source: 'as you gave it',
    },
  ];
}

function levelOption(text: string): string {
  if (!['low', 'medium', 'high'].includes(text))
    throw new InvalidArgumentError('It takes low, medium or high.');
  return text;
}

const HELP = `
Input formats, in any mix, also truncated or gzip-compressed: LiveKit's chat history (a single line is enough, even with a
forum's curly quotes), traces (OTLP/JSON, Tempo, Jaeger, Langfuse), logs of LiveKit agents with metrics (Node and Python,
behind docker, kubectl, journald or a log service), calls of Pipecat, Vapi and Retell, Firstword's turn records. Others are
refused by name. The agents do not need Firstword. No data leaves this machine; the output has no words of either side.

Findings are ranked by the saving on your turns (shown with its interval) times the confidence. If two findings explain
the same time, both say so: their savings do not add up. Missing data is reported, with what to log next.

Levels: high from 200 ms of saving × confidence, medium from 60 ms, low below.

Exit codes: 0 examined; 1 a finding of the --fail-on level or above; 2 no usable input, or invalid usage; 130 stopped by
Ctrl-C.

Examples:
  $ npx firstword doctor calls/                          every file in a folder
  $ npx firstword doctor '{"chat.item":{"message":…}}'   a single log line
  $ kubectl logs my-agent | npx firstword doctor - --llm groq/openai/gpt-oss-120b
  $ npx firstword doctor nightly.jsonl --fail-on high    in CI
  $ npx firstword doctor --explain ttft-range`;

/** The `doctor` command. */
export const doctor: CommandEntry = {
  define: (command) =>
    command
      .name('doctor')
      .description(
        'Explains what makes an agent’s turns slow, what to change, and how much the change should save.',
      )
      .argument(
        '[inputs...]',
        'files, folders (recursive), - for standard input, or a pasted line (default: firstword-out)',
      )
      .option(
        '--llm <provider/model>',
        'the LLM, if the data does not name it: groq, or groq/openai/gpt-oss-120b',
        llmOption,
      )
      .option(
        '--ttft <range>',
        'your own range of times to first token, PROVIDER/MODEL=P50/P95 in ms; repeatable; comes before the published one',
        ttftOption,
      )
      .option(
        '--all',
        'every finding in full: evidence, assumptions, competing explanations, what to log next',
      )
      .option('--json', 'print one JSON object on stdout; progress on stderr')
      .option('--md', 'print Markdown, for example for a forum')
      .option(
        '--names',
        'show call ids and file names unredacted; they may hold telephone numbers and e-mail addresses',
      )
      .option(
        '--fail-on <level>',
        'exit with 1 for a finding of this level or above: low, medium, high',
        levelOption,
      )
      .option(
        '--explain <rule>',
        'print what a rule looks for, its reasoning and the source of its figures; `all` lists the rules',
      )
      .hook('preAction', (self) => {
        self.setOptionValue('inputs', self.args);
      })
      .addHelpText('after', HELP),
  load: async () => (await import('./doctor.js')).doctor,
};
