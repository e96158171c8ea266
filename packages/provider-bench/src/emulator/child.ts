import { startEmulator } from '@firstword/emulator';
import type { EmulatorProcessOptions } from './emulator-process.js';
import { preciseClock } from './precise-clock.js';

/** Entry point of the child process: receives its options, replies with its address and exits with its parent. */
process.once('message', async ({ precise, ...options }: EmulatorProcessOptions) => {
  const { origin, caPem } = await startEmulator({ ...options, ...(precise ? { clock: preciseClock } : {}) });
  process.send!({ origin, caPem });
});
process.once('disconnect', () => process.exit(0));
// A terminal's Ctrl-C and a supervisor's SIGTERM reach the whole process group. The parent still needs the emulator to finish.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
