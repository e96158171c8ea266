import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

const collect = (value: string, before: string[]): string[] => [...before, value];

export const whatIf: CommandEntry = {
  define: (command) =>
    command
      .name('what-if')
      .description('Replays your own turns with something changed: the felt gap that you would have had.')
      .argument(
        '[paths...]',
        'files, folders with all below them, or - for standard input (default: firstword-out)',
      )
      .option('--set <lever>', 'what to change; once for each lever', collect, [])
      .option('--seed <n>', 'the same seed gives the same draws', wholeNumber(1, 1_000_000), 1)
      .option('--json', 'everything, as one JSON object on stdout; progress on stderr')
      .hook('preAction', (self) => {
        self.setOptionValue('paths', self.args);
      })
      .addHelpText(
        'after',
        `
Levers:
  swap=PROVIDER           PROVIDER answers instead of your own
  warm                    every connection to the LLM is open before it is needed
  cached-prefix[=SHARE]   SHARE (0.9) of each prompt after a call's first is in the provider's cache
  hedge=PROVIDER@DELAY    a second request where no content came within DELAY (500ms)
  speculation[=KEPT]      the LLM starts on the last interim transcript; KEPT (0.8) of the starts are kept
  clause[=DELAY]          the voice gets the first clause DELAY (60ms) after the first content
  preemptive-tts          the voice starts before the commit, unheard
  trim-silence            the silence that the voice begins with is cut

PROVIDER is a provider or model in your records (ten turns or more), one whose times are published (gpt-4o-mini, groq),
or p50/p95/max in ms, such as 98/217/2117.

It reads what firstword report reads. Turns without the marks that a lever needs are left out, and counted. It says what
it took for granted and what records cannot tell. Intervals are 95 % bootstrap intervals over turns.

Examples:
  $ npx firstword what-if calls/ --set hedge=groq@500ms
  $ npx firstword what-if calls/ --set warm --set speculation=0.8 --set preemptive-tts
  $ npx firstword what-if calls/ --set swap=98/217/2117 --json
  $ zcat calls/*.gz | npx firstword what-if - --set clause=60ms`,
      ),
  load: async () => (await import('./what-if.js')).whatIfCommand,
};
