import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

export const demo: CommandEntry = {
  define: (command) =>
    command
      .name('demo')
      .description('Plays a sample call through the real pipeline and prints where each silence went.')
      .option('-t, --turns <n>', 'caller turns to play', wholeNumber(1, 1000), 8)
      .option('-p, --profile <name>', 'which LLM answers (an unknown name lists them all)')
      .option(
        '-s, --seed <n>',
        'same seed, same call and same emulated delays',
        wholeNumber(0, 2 ** 31 - 1),
        1,
      )
      .option('-o, --out <dir>', 'where the turn records and the tape go', 'firstword-out/demo')
      .option('--low-latency', "switch on Firstword's levers; without it, LiveKit's defaults answer")
      .option('--filler', 'with --low-latency: say "Let me see." or the like where an answer is late')
      .option('--transcripts', 'write the words of both sides into the records')
      .option('--json', 'one JSON object per turn, then a summary, on stdout; progress on stderr')
      .addHelpText(
        'after',
        `
The caller and the agent are synthesized here; speech-to-text, text-to-speech, VAD and end-of-turn model run on this
machine. The LLM is emulated (real sockets, published delays) unless a key or a base URL is set:
OPENAI_API_KEY, GROQ_API_KEY, CEREBRAS_API_KEY or FIRSTWORD_LLM_BASE_URL.

Writes DIR/<call>.jsonl (one turn record a line) and DIR/<call>.wav (left the caller, right the agent).

Examples:
  $ npx firstword demo
  $ npx firstword demo --low-latency
  $ npx firstword demo --low-latency --filler --profile gpt-4o-mini
  $ npx firstword demo --turns 3 --profile gpt-4o-mini
  $ npx firstword demo --json | tail -1`,
      ),
  load: async () => (await import('./demo.js')).demo,
};
