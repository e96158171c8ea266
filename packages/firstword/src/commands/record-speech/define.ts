import { CALLER } from '../../fetched/package-set.js';
import { wholeNumber } from '../../options.js';
import { DEFAULT_LINE } from '../bench/default-line.js';
import type { CommandEntry } from '../command.js';

const HELP = `
The engine is named as for firstword bench: stt:deepgram/nova-3 and tts:cartesia/sonic-3 through LiveKit Inference,
stt:plugin:deepgram/nova-3 through LiveKit's plugin. The line is played, or the sentence is spoken, --turns times on one
connection. The file contains the times of transcripts or audio frames and a profile made from them, but no words and no
audio. The emulator accepts the file in place of a profile's name, and then draws from the recorded delays.

Ctrl-C keeps what was recorded (exit code 130).

Examples:
  $ npx firstword record-speech stt:deepgram/nova-3 --turns 50 --out nova-3.json
  $ npx firstword record-speech stt:deepgram/nova-3 --audio turn.wav --json
  $ npx firstword bench stt:emulated:nova-3.json
  $ npx firstword emulate --speech deepgram --stt-profile nova-3.json`;

/** The `record-speech` command. */
export const recordSpeech: CommandEntry = {
  define: (command) =>
    command
      .name('record-speech')
      .description('Records the delays of a hosted STT or TTS as a profile that the emulator replays.')
      .argument('<target>', 'stt:MODEL or tts:MODEL')
      .hook('preAction', (self) => {
        self.setOptionValue('target', self.args[0]);
      })
      .option('-n, --turns <n>', 'lines or sentences', wholeNumber(1, 10_000), 30)
      .option('--line <text>', 'what a TTS says and a synthesized caller says', DEFAULT_LINE)
      .option('--audio <file>', 'play this recording of one turn to the STT instead')
      .option('-o, --out <file>', 'file of the profile (default: firstword-out/speech-profiles/TIME.json)')
      .option('--json', 'print the profile as one JSON object on stdout; progress on stderr')
      .addHelpText('after', HELP),
  needs: () => CALLER,
  load: async () => (await import('./record-speech.js')).recordSpeech,
};
