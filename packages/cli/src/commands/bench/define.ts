import { Option } from 'commander';
import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';
import { duration, encodings, list, modes, numbers, positive, prefixes } from './parse.js';

const collect = (value: string, before: string[]) => [...before, value];

export interface BenchOptions {
  /** `provider:model`, as given. */
  targets: string[];
  turns: number;
  warmUp: number;
  pace: number;
  languages: string[];
  prompt?: string;
  replay?: string;
  systemTokens: number;
  historyTurns: number;
  maxTokens: number;
  mode: ReturnType<typeof modes>;
  prefix: ReturnType<typeof prefixes>;
  compression: ReturnType<typeof encodings>;
  effort: string[];
  concurrency: number[];
  timeout: number;
  budget?: string;
  prices?: string;
  region?: string;
  seed: number;
  emulatorRtt: number;
  emulatorFault: string[];
  out?: string;
  resume?: string;
  dryRun?: boolean;
  every?: number;
  times?: number;
  history?: string;
  trend?: string;
  show?: string;
  compare?: string;
  stages?: string;
  html?: string;
  csv?: string;
  md?: boolean;
  json?: boolean;
}

const DEFAULTS = { turns: 100, warmUp: 3, pace: 1, systemTokens: 1500, historyTurns: 8, maxTokens: 150 };
const SEED_MAX = 2 ** 31 - 1;

export const bench: CommandEntry = {
  define: (command) =>
    command
      .name('bench')
      .description(
        'Measures LLM providers from this machine: which gives the fastest and steadiest first content to a voice turn.',
      )
      .argument('[targets...]', 'provider:model, or provider:model@URL for a server of your own')
      .option(
        '-n, --turns <n>',
        'counted requests for each way of asking',
        wholeNumber(1, 100_000),
        DEFAULTS.turns,
      )
      .option(
        '--warm-up <n>',
        'requests before those; shown, not counted',
        wholeNumber(0, 1000),
        DEFAULTS.warmUp,
      )
      .option(
        '--pace <n>',
        'requests a second, all ways of asking together',
        positive('requests a second'),
        DEFAULTS.pace,
      )
      .addOption(
        new Option('-l, --languages <list>', 'languages of the callers: en, hi, es, ar, ja, de')
          .argParser(list)
          .default(['en', 'hi', 'es', 'ar', 'ja'], 'en,hi,es,ar,ja'),
      )
      .option('--prompt <file>', 'your system prompt, or whole conversations as JSON')
      .option('--replay <path>', 'what callers said in your turn records (recorded with --transcripts)')
      .option(
        '--system-tokens <n>',
        'size of the built-in system prompt',
        wholeNumber(0, 200_000),
        DEFAULTS.systemTokens,
      )
      .option(
        '--history-turns <n>',
        'turns before a conversation begins anew',
        wholeNumber(1, 1000),
        DEFAULTS.historyTurns,
      )
      .option(
        '--max-tokens <n>',
        'longest answer, reasoning included',
        wholeNumber(1, 100_000),
        DEFAULTS.maxTokens,
      )
      .addOption(
        new Option('-m, --mode <list>', 'warm, cold, idle:SECONDS; idle alone is 30, 60 and 120 s')
          .argParser(modes)
          .default(modes('warm'), 'warm'),
      )
      .addOption(
        new Option('--prefix <list>', 'stable, broken: what a cached prompt saves')
          .argParser(prefixes)
          .default(prefixes('stable'), 'stable'),
      )
      .addOption(
        new Option('--compression <list>', 'off, gzip, msgpack, where the provider takes it')
          .argParser(encodings)
          .default([], 'as the provider likes it'),
      )
      .addOption(
        new Option('--effort <list>', 'reasoning efforts: minimal, low, medium …')
          .argParser(list)
          .default([], 'as suits speech'),
      )
      .addOption(
        new Option('--concurrency <list>', 'requests sent at the same moment: 1,4,16')
          .argParser(numbers)
          .default([1], '1'),
      )
      .addOption(
        new Option('--timeout <duration>', 'longest wait for the first content')
          .argParser(duration)
          .default(15_000, '15s'),
      )
      .option('--budget <limits>', 'requests=500,tokens=200000,usd=0.50, any of them; kept')
      .option('--prices <file>', 'your prices, as JSON with their date')
      .option('--region <text>', 'where this machine stands, for the report')
      .option('-s, --seed <n>', 'same seed, same requests in the same order', wholeNumber(0, SEED_MAX), 1)
      .option('--emulator-rtt <ms>', 'distance to emulated providers', wholeNumber(0, 10_000), 0)
      .addOption(
        new Option(
          '--emulator-fault <kind>',
          'a fault of emulated providers, as firstword emulate has them; may be given more than once',
        )
          .argParser(collect)
          .default([], 'none'),
      )
      .option(
        '-o, --out <file>',
        'where the run goes, raw samples included (default: firstword-out/bench/TIME.json)',
      )
      .option('--resume <file>', 'go on with a run that was cut short')
      .option('--every <duration>', 'measure again and again: 30m, 6h, 1d')
      .option('--times <n>', 'how often, with --every; until Ctrl-C unless told', wholeNumber(1, 1_000_000))
      .option('--history <file>', 'append what each run came to, a line a run')
      .option('--trend <file>', 'with --history: a page of how it went over time')
      .option('--show <file>', 'measure nothing: show a run that was kept')
      .option('--compare <file>', 'hold the run against an older one, with a verdict')
      .option('--stages <path>', 'your turn records: what a caller would feel with your other stages')
      .option('--html <file>', 'a page of plots and tables, all in one file')
      .option('--csv <file>', 'every sample as a row')
      .option('--md', 'the report as Markdown, to paste')
      .option('--dry-run', 'say what it would send and cost, and stop')
      .option('--json', 'the report as one JSON object on stdout; progress on stderr')
      .hook('preAction', (self) => {
        self.setOptionValue('targets', self.args);
      })
      .addHelpText(
        'after',
        `
Every provider of the router: openai, groq, cerebras, anthropic, gemini, openrouter, livekit, vllm, ollama, llama.cpp;
custom:MODEL@URL for any other OpenAI-compatible server; emulated:PROFILE without any key (published delays on real
sockets, nothing measured of a provider). Keys come from the environment, as the router has them.

The ways of asking (targets, modes, prefixes …) are interleaved in random order at a pace set beforehand: a slow answer
holds up no other request, and what leaves late counts from when it was due. Prompts are those of a voice agent: a
system prompt of a set size, a history that grows by a turn, short answers.

  warm    a connection in use          cold  none: DNS, TCP and TLS are paid
  idle:S  one left alone for S seconds

What it will send and cost is said before it starts. Ctrl-C keeps what was measured (exit code 130) and says how to go
on. Where the machine itself may have spoiled samples (event loop, CPU), they are counted, shown and kept. docs/bench.md
says what each figure means.

Examples:
  $ npx firstword bench emulated:groq-gpt-oss-120b emulated:gpt-4o-mini --turns 50 --pace 4
  $ npx firstword bench groq:openai/gpt-oss-120b cerebras:gpt-oss-120b openai:gpt-4.1-mini --budget usd=0.50
  $ npx firstword bench openai:gpt-4.1-mini --mode warm,cold,idle --prefix stable,broken
  $ npx firstword bench vllm:Qwen/Qwen2.5-7B-Instruct@http://gpu:8000/v1 --concurrency 1,8,32 --prompt agent.txt
  $ npx firstword bench --resume firstword-out/bench/2026-11-24T13-05-00Z.json
  $ npx firstword bench --show today.json --compare last-week.json --html bench.html
  $ npx firstword bench groq:openai/gpt-oss-120b openai:gpt-4.1-mini -n 30 --every 1h --history bench.jsonl --trend bench.html`,
      ),
  load: async () => (await import('./bench.js')).bench,
};
