import { CALLS } from '../../fetched/package-set.js';
import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

/** The `demo` command. */
export const demo: CommandEntry = {
  define: (command) =>
    command
      .name('demo')
      .description(
        'Plays a sample call through the real pipeline and prints the latency breakdown of each turn.',
      )
      .option('-t, --turns <n>', 'caller turns to play', wholeNumber(1, 1000), 8)
      .option('-p, --profile <name>', 'LLM of the agent (an unknown name lists all)')
      .option('-s, --seed <n>', 'seed of the call and of the emulated delays', wholeNumber(0, 2 ** 31 - 1), 1)
      .option('-o, --out <dir>', 'folder for the turn records and the tape', 'firstword-out/demo')
      .option('--low-latency', "switch on Firstword's levers; otherwise the agent uses LiveKit's defaults")
      .option('--filler', 'with --low-latency: say a filler phrase ("Let me see.") when an answer is late')
      .option('--transcripts', 'write the words of both sides into the records')
      .option('--json', 'print one JSON object per turn and a summary on stdout; progress on stderr')
      .addHelpText(
        'after',
        `
Both voices are synthesized on this machine, where the speech-to-text, the VAD and the end-of-turn model also run. The
LLM is emulated (real sockets, published delays) unless one of these is set:
OPENAI_API_KEY, GROQ_API_KEY, CEREBRAS_API_KEY or FIRSTWORD_LLM_BASE_URL.

Writes OUT/<call>.jsonl (one turn record per line) and OUT/<call>.wav (left channel the caller, right channel the agent).

Exit codes: 0 success; 1 a turn failed or was not answered; 2 invalid usage; 130 stopped by Ctrl-C.

Examples:
  $ npx firstword demo
  $ npx firstword demo --low-latency
  $ npx firstword demo --low-latency --filler --profile gpt-4o-mini
  $ npx firstword demo --turns 3 --profile gpt-4o-mini
  $ npx firstword demo --json | tail -1`,
      ),
  needs: () => CALLS,
  load: async () => (await import('./demo.js')).demo,
};
