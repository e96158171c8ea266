import { wholeNumber } from '../../options.js';
import type { CommandEntry } from '../command.js';

const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** The `what-if` command. */
export const whatIf: CommandEntry = {
  define: (command) =>
    command
      .name('what-if')
      .description('Replays your recorded calls with a change applied and estimates their silences with it.')
      .argument('[paths...]', 'files, folders (recursive), or - for standard input (default: firstword-out)')
      .option('--set <change>', 'change to apply (see Changes); repeatable', collect, [])
      .option('--seed <n>', 'seed of the random draws', wholeNumber(1, 1_000_000), 1)
      .option('--json', 'print one JSON object on stdout; progress on stderr')
      .hook('preAction', (self) => {
        self.setOptionValue('paths', self.args);
        // Without a default: the help would show `[]` as one.
        self.setOptionValue('set', self.opts<{ set?: string[] }>().set ?? []);
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
  read-only[=TOOL,TOOL]   these tools (default: all) run before the commit, where the LLM has called them before it
  filler[=DELAY]          a phrase is said over a tool after DELAY (800ms) of silence
  prewarm                 a process is idle and local models are loaded before the caller arrives
  greeting                the greeting is a fixed text, and its audio comes from the cache

PROVIDER is a provider or model with at least ten turns in your records, one with published delays (gpt-4o-mini, groq),
or p50/p95/max in ms, such as 98/217/2117.

filler and read-only shorten the longest silence of turns with tools; prewarm, greeting and trim-silence shorten the
time to hello. All changes but filler, prewarm and greeting shorten the felt gap. Silences of tools and times to hello are only in
Firstword's own records.

It reads the same formats as firstword report. Turns without the marks that a change needs are skipped and counted. The
output lists the assumptions and what the records do not contain. Intervals are 95 % bootstrap intervals over turns.

Examples:
  $ npx firstword what-if calls/ --set hedge=groq@500ms
  $ npx firstword what-if calls/ --set warm --set speculation=0.8 --set preemptive-tts
  $ npx firstword what-if calls/ --set swap=98/217/2117 --json
  $ npx firstword what-if calls/ --set prewarm --set greeting
  $ npx firstword what-if calls/ --set filler=800ms --set read-only=look_up
  $ zcat calls/*.gz | npx firstword what-if - --set clause=60ms`,
      ),
  load: async () => (await import('./what-if.js')).whatIfCommand,
};
