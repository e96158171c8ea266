import { type EmulatorOptions, startEmulator } from '@firstword/emulator';

/** The emulator in a process of its own: told its options once, it answers with its address and lives as its parent does. */
process.once('message', async (options: EmulatorOptions) => {
  const { origin, caPem } = await startEmulator(options);
  process.send!({ origin, caPem });
});
process.once('disconnect', () => process.exit(0));
// Ctrl-C goes to every process of the terminal; this one ends when the bench has what it wants.
process.on('SIGINT', () => {});
