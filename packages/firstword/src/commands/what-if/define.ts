import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

const collect = (value: string, before: string[]): string[] => [...before, value];

/** The `what-if` command. */
export const whatIf: CommandEntry = {
  define: (command) =>
    command
      .name('what-if')
      .description('Replays your recorded turns with a change applied and estimates the felt gap with it.')
      .argument('[paths...]', 'files, folders (recursive), or - for standard input (default: firstword-out)')
      .option('--set <change>', 'change to apply (see Changes); repeatable', collect, [])
      .option('--seed <n>', 'seed of the random draws', wholeNumber(1, 1_000_000), 1)
      .option('--json', 'print one JSON object on stdout; progress on stderr')
      .hook('preAction', (self) => {
        self.setOptionValue('paths', self.args);
      })
      .addHelpText(
        'after',
        `
Changes:
  swap=PROVIDER           PROVIDER answers instead of your provider
  warm                    every connection to the LLM is open before it is needed
  cached-prefix[=SHARE]   SHARE (0.9) of each prompt after a call's first is in the provider's cache
  hedge=PROVIDER@DELAY    a second request is sent if no content has arrived within DELAY (500ms)
  speculation[=KEPT]      the LLM starts on the last interim transcript; KEPT (0.8) of the speculations are kept
  clause[=DELAY]          the TTS gets the first clause DELAY (60ms) after the first content
  preemptive-tts          the TTS starts before the turn is committed; its audio is held back until then
  trim-silence            the leading silence of the synthesized audio is removed
  turn-silence=DELAYms    a realtime provider ends the turn after this silence

PROVIDER is a provider or model with at least ten turns in your records, one with published delays (gpt-4o-mini, groq),
or p50/p95/max in ms, such as 98/217/2117.

It reads the same formats as firstword report. Turns without the marks that a change needs are skipped and counted. The
output lists the assumptions and what the records do not contain. Intervals are 95 % bootstrap intervals over turns.

Examples:
  $ npx firstword what-if calls/ --set hedge=groq@500ms
  $ npx firstword what-if calls/ --set warm --set speculation=0.8 --set preemptive-tts
  $ npx firstword what-if calls/ --set swap=98/217/2117 --json
  $ zcat calls/*.gz | npx firstword what-if - --set clause=60ms`,
      ),
  load: async () => (await import('./what-if.js')).whatIfCommand,
};
