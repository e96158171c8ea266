/** The emulators of a bench, in a process of their own. It ends when the bench disconnects. */
import { type Emulator, startEmulator } from '@firstword/emulator';
import type { UpstreamAnswer, UpstreamRequest } from './messages.js';

let emulators: Emulator[] = [];

async function answer(request: UpstreamRequest): Promise<UpstreamAnswer> {
  if (request.kind === 'start') {
    emulators = await Promise.all(request.emulators.map((options) => startEmulator(options)));
    return { origins: emulators.map(({ origin }) => origin) };
  }
  const emulator = emulators[request.at]!;
  if (request.kind === 'stats') return { stats: emulator.stats() };
  emulator.setFaults(request.plan);
  return { done: true };
}

process.on('message', (request: UpstreamRequest) => {
  answer(request).then(
    (result) => process.send!(result),
    (error: Error) => process.send!({ error: error.message }),
  );
});
process.on('disconnect', () => process.exit());
// Ctrl-C reaches this process too. The bench ends it by disconnecting, after it has read the last figures.
process.on('SIGINT', () => {});
