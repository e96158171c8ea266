import { type Command, Option } from 'commander';
import { wholeNumber } from '../../options.js';
import { DEFAULT_LINE } from './default-line.js';
import { duration, encodings, list, modes, numbers, positiveNumber, prefixes, silences } from './parse.js';

/** Options of `firstword bench`, as commander parses them. */
export interface BenchOptions {
  /** `provider:model`, as given. */
  targets: string[];
  /** Counted requests per variant. */
  turns: number;
  /** Uncounted requests per variant. */
  warmUp: number;
  /** Requests per second over all variants. */
  pace: number;
  languages: string[];
  /** File with a system prompt, or with conversations as JSON. */
  prompt?: string;
  /** What TTS engines say, and the words of the synthesized caller's line. */
  line: string;
  /** Recording that is played to STT engines instead of a synthesized line. */
  audio?: string;
  /** Turn records whose caller lines are used as questions. */
  replay?: string;
  systemTokens: number;
  historyTurns: number;
  maxTokens: number;
  mode: ReturnType<typeof modes>;
  prefix: ReturnType<typeof prefixes>;
  compression: ReturnType<typeof encodings>;
  effort: string[];
  concurrency: number[];
  /** Waits of realtime providers for the end of a turn, ms. */
  silence: number[];
  /** Longest wait for the first content, ms. */
  timeout: number;
  budget?: string;
  prices?: string;
  region?: string;
  seed: number;
  /** Round-trip time to emulated providers, ms. */
  emulatorRtt: number;
  emulatorFault: string[];
  out?: string;
  resume?: string;
  dryRun?: boolean;
  /** Interval of repeated runs, ms. */
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

/** An option whose default is shown in the help as `text`. */
function optionWithDefault<T>(
  flags: string,
  about: string,
  parse: (text: string) => T,
  value: T,
  text: string,
): Option {
  return new Option(flags, about).argParser(parse).default(value, text);
}

/** Adds the options for the number, schedule and content of the requests. */
export function requestOptions(command: Command): void {
  command
    .optionsGroup('Requests:')
    .option('-n, --turns <n>', 'counted requests per variant', wholeNumber(1, 100_000), 100)
    .option('--warm-up <n>', 'requests before those; shown, not counted', wholeNumber(0, 1000), 3)
    .option('--pace <n>', 'requests per second, over all variants', positiveNumber('requests per second'), 1)
    .addOption(
      optionWithDefault(
        '-l, --languages <list>',
        'languages of the callers: en, hi, es, ar, ja, de',
        list,
        ['en', 'hi', 'es', 'ar', 'ja'],
        'en,hi,es,ar,ja',
      ),
    )
    .option('--prompt <file>', 'your system prompt, or whole conversations as JSON')
    .option('--replay <path>', "the callers' lines of your turn records (written with --transcripts)")
    .option('--system-tokens <n>', 'size of the built-in system prompt', wholeNumber(0, 200_000), 1500)
    .option('--history-turns <n>', 'turns after which a conversation restarts', wholeNumber(1, 1000), 8)
    .option('--max-tokens <n>', 'longest answer, including reasoning', wholeNumber(1, 100_000), 150)
    .option('--line <text>', 'speech: what a TTS says and a synthesized caller says', DEFAULT_LINE)
    .option('--audio <file>', 'speech: play this recording of one turn instead')
    .option('-s, --seed <n>', 'seed of the requests and their order', wholeNumber(0, SEED_MAX), 1)
    .option('--budget <limits>', 'stop before exceeding any of requests=500,tokens=200000,usd=0.50')
    .option('--prices <file>', 'your prices, as JSON with their date')
    .option('--dry-run', 'print what would be sent and what it would cost, then exit');
}

/** Adds the options that multiply the variants. */
export function variantOptions(command: Command): void {
  command
    .optionsGroup('Variants:')
    .addOption(
      optionWithDefault(
        '-m, --mode <list>',
        'warm, cold, idle:SECONDS; idle alone is 30, 60 and 120 s',
        modes,
        modes('warm'),
        'warm',
      ),
    )
    .addOption(
      optionWithDefault(
        '--prefix <list>',
        'stable, broken: the effect of prompt caching',
        prefixes,
        prefixes('stable'),
        'stable',
      ),
    )
    .addOption(
      optionWithDefault(
        '--compression <list>',
        'request bodies: off, gzip, msgpack, if supported',
        encodings,
        [],
        "the provider's preference",
      ),
    )
    .addOption(
      optionWithDefault(
        '--effort <list>',
        'reasoning efforts: minimal, low, medium …',
        list,
        [],
        "the router's default for speech",
      ),
    )
    .addOption(
      optionWithDefault('--concurrency <list>', 'requests sent simultaneously: 1,4,16', numbers, [1], '1'),
    )
    .addOption(
      optionWithDefault(
        '--silence <list>',
        'realtime models: silence that ends a turn, ms: 200,500',
        silences,
        [],
        '500',
      ),
    );
  emulatorOptions(command);
}

/** Adds the deadline, and what the emulated providers do. */
function emulatorOptions(command: Command): void {
  const fault = 'fault of emulated providers, see firstword emulate --help; repeatable';
  const collect = (value: string, before: string[] = []) => [...before, value];
  command
    .addOption(
      optionWithDefault(
        '--timeout <duration>',
        'longest wait for the first content',
        duration,
        15_000,
        '15s',
      ),
    )
    .option('--emulator-rtt <ms>', 'round-trip time to emulated providers', wholeNumber(0, 10_000), 0)
    .addOption(new Option('--emulator-fault <kind>', fault).argParser(collect).default([], 'none'));
}

/** Adds the options for storing, resuming and repeating runs. */
export function runOptions(command: Command): void {
  command
    .optionsGroup('Runs:')
    .option(
      '-o, --out <file>',
      'file of the run, including raw samples (default: firstword-out/bench/TIME.json)',
    )
    .option('--resume <file>', 'continue an unfinished run')
    .option('--every <duration>', 'repeat the run at this interval: 30m, 6h, 1d', duration)
    .option('--times <n>', 'with --every: number of runs (default: until Ctrl-C)', wholeNumber(1, 1_000_000))
    .option('--history <file>', 'append a summary of each run, one per line')
    .option('--region <text>', 'location of this machine, for the report');
}

/** Adds the options for the output. */
export function resultOptions(command: Command): void {
  command
    .optionsGroup('Results:')
    .option('--show <file>', 'measure nothing: show a saved run')
    .option('--compare <file>', 'compare the run with an older one')
    .option('--stages <path>', 'your turn records: estimate the felt gap with your other pipeline stages')
    .option('--html <file>', 'write a self-contained page with plots and tables')
    .option('--csv <file>', 'write every sample as a row')
    .option('--trend <file>', 'with --history: write a page with the trend over time')
    .option('--md', 'print the report as Markdown')
    .option('--json', 'print the report as one JSON object on stdout; progress on stderr');
}
