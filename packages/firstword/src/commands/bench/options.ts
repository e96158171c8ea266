import { type Command, Option } from 'commander';
import { wholeNumber } from '../../options.js';
import { duration, encodings, list, modes, numbers, positive, prefixes } from './parse.js';

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

const SEED_MAX = 2 ** 31 - 1;

/** An option whose default people read otherwise than the code does. */
function shown<T>(flags: string, about: string, parse: (text: string) => T, value: T, text: string): Option {
  return new Option(flags, about).argParser(parse).default(value, text);
}

/** How many requests, when, and of what. */
export function sending(command: Command): void {
  command
    .optionsGroup('What is sent:')
    .option('-n, --turns <n>', 'counted requests for each way of asking', wholeNumber(1, 100_000), 100)
    .option('--warm-up <n>', 'requests before those; shown, not counted', wholeNumber(0, 1000), 3)
    .option('--pace <n>', 'requests a second, all ways of asking together', positive('requests a second'), 1)
    .addOption(
      shown(
        '-l, --languages <list>',
        'of the callers: en, hi, es, ar, ja, de',
        list,
        ['en', 'hi', 'es', 'ar', 'ja'],
        'en,hi,es,ar,ja',
      ),
    )
    .option('--prompt <file>', 'your system prompt, or whole conversations as JSON')
    .option('--replay <path>', 'what callers said in your turn records (recorded with --transcripts)')
    .option('--system-tokens <n>', 'size of the built-in system prompt', wholeNumber(0, 200_000), 1500)
    .option('--history-turns <n>', 'turns before a conversation begins anew', wholeNumber(1, 1000), 8)
    .option('--max-tokens <n>', 'longest answer, reasoning included', wholeNumber(1, 100_000), 150)
    .option('-s, --seed <n>', 'same seed, same requests in the same order', wholeNumber(0, SEED_MAX), 1)
    .option('--budget <limits>', 'requests=500,tokens=200000,usd=0.50, any of them; kept')
    .option('--prices <file>', 'your prices, as JSON with their date')
    .option('--dry-run', 'say what it would send and cost, and stop');
}

/** What is varied: each of these makes further ways of asking. */
export function asking(command: Command): void {
  const fault = 'a fault of emulated providers, as firstword emulate has them; may be given more than once';
  const collect = (value: string, before: string[] = []) => [...before, value];
  command
    .optionsGroup('Ways of asking:')
    .addOption(
      shown(
        '-m, --mode <list>',
        'warm, cold, idle:SECONDS; idle alone is 30, 60 and 120 s',
        modes,
        modes('warm'),
        'warm',
      ),
    )
    .addOption(
      shown(
        '--prefix <list>',
        'stable, broken: what a cached prompt saves',
        prefixes,
        prefixes('stable'),
        'stable',
      ),
    )
    .addOption(
      shown(
        '--compression <list>',
        'off, gzip, msgpack, where taken',
        encodings,
        [],
        'as the provider likes it',
      ),
    )
    .addOption(
      shown('--effort <list>', 'reasoning efforts: minimal, low, medium …', list, [], 'as suits speech'),
    )
    .addOption(shown('--concurrency <list>', 'requests sent at the same moment: 1,4,16', numbers, [1], '1'))
    .addOption(shown('--timeout <duration>', 'longest wait for the first content', duration, 15_000, '15s'))
    .option('--emulator-rtt <ms>', 'distance to emulated providers', wholeNumber(0, 10_000), 0)
    .addOption(new Option('--emulator-fault <kind>', fault).argParser(collect).default([], 'none'));
}

/** Where runs go, and how they are gone on with or made again. */
export function keeping(command: Command): void {
  command
    .optionsGroup('Runs:')
    .option(
      '-o, --out <file>',
      'where it goes, raw samples included (default: firstword-out/bench/TIME.json)',
    )
    .option('--resume <file>', 'go on with a run that was cut short')
    .option('--every <duration>', 'measure again and again: 30m, 6h, 1d', duration)
    .option('--times <n>', 'how often, with --every; until Ctrl-C unless told', wholeNumber(1, 1_000_000))
    .option('--history <file>', 'append what each run came to, a line a run')
    .option('--region <text>', 'where this machine stands, for the report');
}

/** How results are shown. */
export function reporting(command: Command): void {
  command
    .optionsGroup('Results:')
    .option('--show <file>', 'measure nothing: show a run that was kept')
    .option('--compare <file>', 'hold the run against an older one, with a verdict')
    .option('--stages <path>', 'your turn records: what a caller would feel with your other stages')
    .option('--html <file>', 'a page of plots and tables, all in one file')
    .option('--csv <file>', 'every sample as a row')
    .option('--trend <file>', 'with --history: a page of how it went over time')
    .option('--md', 'the report as Markdown, to paste')
    .option('--json', 'the report as one JSON object on stdout; progress on stderr');
}
