import { startEmulator } from '@firstword/emulator';
import type { EmulatorProcessOptions } from './emulator-process.js';
import { preciseClock } from './precise-clock.js';

/** The emulator in a process of its own: told its options once, it answers with its address and lives as its parent does. */
process.once('message', async ({ precise, ...options }: EmulatorProcessOptions) => {
  const { origin, caPem } = await startEmulator({ ...options, ...(precise ? { clock: preciseClock } : {}) });
  process.send!({ origin, caPem });
});
process.once('disconnect', () => process.exit(0));
// Ctrl-C goes to every process of the terminal; this one ends when the bench has what it wants.
process.on('SIGINT', () => {});
