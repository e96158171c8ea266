import { Future } from '@livekit/agents';
import { Unpromise } from '@watchable/unpromise';

/** Marks the function below: it is set once in a process. */
const KEEPS_NOTHING = Symbol.for('firstword.race');

/**
 * Lets LiveKit's races keep nothing once they are over. LiveKit reads each audio frame in a race with the end of the session. A
 * promise that stays pending keeps the result of every race it took part in: all audio of the call, 1.9 MB a minute at 16 kHz,
 * until the session ends.
 *
 * - Read in: `@livekit/agents` 1.9.0, `utils.ts`, function `readStream`, with `ThrowsPromise.race` of
 *   `@livekit/throws-transformer`; `ThrowsPromise` is the class of `Future.await`.
 * - If it changes: the memory of a call grows as it does without Firstword. `internals.test.ts` fails.
 */
export function releaseRaces(): void {
  const LiveKitPromise = new Future().await.constructor as PromiseConstructor & { [KEEPS_NOTHING]?: true };
  // A later LiveKit that uses the language's own promises is left alone.
  if (LiveKitPromise === Promise || LiveKitPromise[KEEPS_NOTHING]) return;
  LiveKitPromise[KEEPS_NOTHING] = true;
  LiveKitPromise.race = (values: Iterable<unknown>) => LiveKitPromise.resolve(Unpromise.race(values));
}
