import { Option } from 'commander';
import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

/** What a comparison that goes on brings itself. */
const PLANNED = [
  'arms',
  'calls',
  'audio',
  'rounds',
  'profile',
  'setup',
  'warmUp',
  'seed',
  'out',
  'transcripts',
  'merge',
];

export const compare: CommandEntry = {
  define: (command) =>
    command
      .name('compare')
      .description(
        'Plays the same calls to several agents in turn and tells which one callers wait for less.',
      )
      .option('-a, --arms <list>', 'agents to compare, the first being the measure', 'livekit,firstword')
      .option('-c, --calls <list>', 'calls to make: all (unless told), core (the first six) or names')
      .option('--audio <dir>', 'replay your own recordings: a WAV file a turn, a folder a call')
      .option('-r, --rounds <n>', 'how often every agent gets every call', wholeNumber(1, 1000), 1)
      .option('-p, --profile <name>', 'which LLM answers (an unknown name lists them all)')
      .option('--setup <name>', 'emulated models, routed: groq, mini, mini-backup, fastest, or all of them')
      .option('--no-warm-up', 'count from the first call on')
      .option('--memory <dir>', 'let routers begin with what they learned in earlier runs with this folder')
      .option(
        '-s, --seed <n>',
        'same seed, same callers and same emulated delays',
        wholeNumber(0, 2 ** 31 - 1),
        1,
      )
      .option('-o, --out <dir>', 'keep the tapes, the turn records and the figures here')
      .option('--html <file>', 'a page of plots, tables and excerpts of the tapes, all in one file')
      .addOption(
        new Option('--resume <dir>', 'go on with the comparison that was stopped in this --out').conflicts(
          PLANNED,
        ),
      )
      .option('--merge <files...>', 'play nothing: pool the comparison.json of several runs')
      .option('--transcripts', 'write the words of both sides into the records')
      .option('--json', 'the figures as one JSON object on stdout; progress on stderr')
      .addHelpText(
        'after',
        `
Every agent has the same speech-to-text, LLM, voice, callers and seeds; the calls are interleaved. One round is 66 lines
in fifteen calls by four voices (--calls core: 25 lines in six, by three): short and long questions, hesitations of 0.4
to 1.2 s, self-corrections, a trailing "please", numbers, names, barge-ins and backchannels, some of the calls from noisy
places. Gaps are measured from the tapes, not from what the agents say of themselves.

Every agent first takes a call that is shown and not counted: connections, models and the router's learning are cold
in it (--no-warm-up counts from the start).

With --setup, Firstword's agents get the router; LiveKit's defaults get its primary alone. A router begins cold, as in
the first call of a new machine; with --memory it begins with what earlier runs have taught it. --setup all compares the four
of them one after another, shows what is wanted of each beside what was measured, and goes on where one fails.

--audio DIR replays recordings: every 16-bit WAV file (any common rate; of two channels the left) is a turn, in the order
of the names; the words in a .txt beside it are held against what was heard. Each folder in DIR is a call of its own.

Agents:
  livekit           LiveKit's defaults
  firstword         Firstword's low-latency preset: all levers, as users get it
  all-levers        every lever
  only-LEVER        one lever alone
  all-but-LEVER     all levers but one
  every             all of these, those that pull the same levers once
Levers: speculation, preemptiveTts, clause, trimSilence, endpointing (an unknown agent lists them all)

The LLM is emulated (real sockets, published delays) unless a key or a base URL is set:
OPENAI_API_KEY, GROQ_API_KEY, CEREBRAS_API_KEY or FIRSTWORD_LLM_BASE_URL.

The time it will take is said before it starts. Ctrl-C stops and reports what was measured (exit code 130); with --out
the figures so far are kept after every call, marked "stopped": true. --resume DIR, or the same command again, goes on
from there with the same calls and seeds; a call that not every agent had to its end is played again, and so are the
warm-up calls, because connections and the router's learning are cold again. docs/compare.md says what each figure means.

Examples:
  $ npx firstword compare --calls core
  $ npx firstword compare --profile gpt-4o-mini --out firstword-out/compare --html firstword-out/compare.html
  $ npx firstword compare --setup all --calls core --out firstword-out/figures --html firstword-out/figures.html
  $ npx firstword compare --setup mini-backup --memory firstword-out/memory
  $ npx firstword compare --resume firstword-out/figures --html firstword-out/figures.html
  $ npx firstword compare --arms every --calls core
  $ npx firstword compare --arms livekit,only-speculation,all-but-speculation,firstword
  $ npx firstword compare --audio my-recordings --profile gpt-4o-mini
  $ npx firstword compare --merge a/comparison.json b/comparison.json --html both.html
  $ npx firstword compare --json > comparison.json`,
      ),
  load: async () => (await import('./compare.js')).compare,
};
