import { startEmulator } from '@firstword/emulator';
import type { EmulatorProcessOptions } from './emulator-process.js';
import { preciseClock } from './precise-clock.js';
import type { SpeechEmulatorProcessOptions } from './speech-emulator-process.js';
import { startSpeechEmulators } from './speech-emulators.js';

async function start(message: EmulatorProcessOptions | SpeechEmulatorProcessOptions): Promise<object> {
  if ('speech' in message) return startSpeechEmulators(message);
  const { precise, ...options } = message;
  const { origin, caPem } = await startEmulator({ ...options, ...(precise ? { clock: preciseClock } : {}) });
  return { origin, caPem };
}

/** Entry point of the child process: receives its options, replies with its addresses and exits with its parent. */
process.once('message', async (message: EmulatorProcessOptions | SpeechEmulatorProcessOptions) => {
  process.send!(await start(message));
});
process.once('disconnect', () => process.exit(0));
// A terminal's Ctrl-C and a supervisor's SIGTERM reach the whole process group. The parent still needs the emulator to finish.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
