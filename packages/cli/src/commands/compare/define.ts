import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

export interface CompareOptions {
  arms: string;
  calls: string;
  rounds: number;
  profile?: string;
  setup?: string;
  warmUp: boolean;
  merge?: string[];
  seed: number;
  out?: string;
  transcripts?: boolean;
  json?: boolean;
}

export const compare: CommandEntry = {
  define: (command) =>
    command
      .name('compare')
      .description(
        'Plays the same calls to several agents in turn and tells which one callers wait for less.',
      )
      .option('-a, --arms <list>', 'agents to compare, the first being the measure', 'livekit,firstword')
      .option('-c, --calls <list>', 'calls to make: all, core (the first six) or names', 'all')
      .option('-r, --rounds <n>', 'how often every agent gets every call', wholeNumber(1, 1000), 1)
      .option('-p, --profile <name>', 'which LLM answers (an unknown name lists them all)')
      .option('--setup <name>', 'emulated models, routed: groq, mini, mini-backup or fastest')
      .option('--no-warm-up', 'count from the first call on')
      .option(
        '-s, --seed <n>',
        'same seed, same callers and same emulated delays',
        wholeNumber(0, 2 ** 31 - 1),
        1,
      )
      .option('-o, --out <dir>', 'keep the tapes, the turn records and the figures here')
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

With --setup, Firstword's agents get the router; LiveKit's defaults get its primary alone.

Agents:
  livekit           LiveKit's defaults
  firstword         Firstword's low-latency preset: all levers but endpointing
  all-levers        every lever
  only-LEVER        one lever alone
  all-but-LEVER     all levers but one              (an unknown name lists them all)
  every             all of these, one after another

The LLM is emulated (real sockets, published delays) unless a key or a base URL is set:
OPENAI_API_KEY, GROQ_API_KEY, CEREBRAS_API_KEY or FIRSTWORD_LLM_BASE_URL.

Ctrl-C stops and reports what was measured (exit code 130).

Examples:
  $ npx firstword compare --rounds 1
  $ npx firstword compare --profile gpt-4o-mini --out firstword-out/compare
  $ npx firstword compare --arms livekit,only-speculation,all-but-speculation,firstword
  $ npx firstword compare --setup mini-backup
  $ npx firstword compare --merge a/comparison.json b/comparison.json
  $ npx firstword compare --json > comparison.json`,
      ),
  load: async () => (await import('./compare.js')).compare,
};
