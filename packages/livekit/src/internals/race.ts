import { Future } from '@livekit/agents';

/** Marks the function below: it is set once in a process. */
const KEEPS_NOTHING = Symbol.for('firstword.race');

interface Race {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** A promise that has been in a race, and the races that it may still win. */
interface Contender {
  races: Set<Race>;
  isSettled: boolean;
}

/**
 * Lets LiveKit's races keep nothing once they are over. LiveKit reads each audio frame in a race with the end of the session. A
 * promise that stays pending keeps the result of every race it took part in: all audio of the call, 1.9 MB a minute at 16 kHz,
 * until the session ends.
 *
 * - Read in: `@livekit/agents` 1.9.0, `utils.ts`, function `readStream`, with `ThrowsPromise.race` of
 *   `@livekit/throws-transformer`; `ThrowsPromise` is the class of `Future.await`.
 * - If it changes: the memory of a call grows as it does without Firstword. `race.test.ts` fails.
 */
export function releaseRaces(): void {
  const LiveKitPromise = new Future().await.constructor as PromiseConstructor & { [KEEPS_NOTHING]?: true };
  // A later LiveKit that uses the language's own promises is left alone.
  if (LiveKitPromise === Promise || LiveKitPromise[KEEPS_NOTHING]) return;
  LiveKitPromise[KEEPS_NOTHING] = true;
  LiveKitPromise.race = raceOf(LiveKitPromise);
}

/**
 * `race` of a class of promises. It settles in the same microtask as the language's own: LiveKit's order of events depends on
 * it, so that no library takes its place.
 */
function raceOf(Class: PromiseConstructor): PromiseConstructor['race'] {
  const contenders = new WeakMap<object, Contender>();

  function join(value: object, race: Race): Contender | undefined {
    const known = contenders.get(value);
    if (known?.isSettled) return undefined;
    const contender = known ?? { races: new Set(), isSettled: false };
    contender.races.add(race);
    if (known) return contender;
    contenders.set(value, contender);
    const end = (outcome: keyof Race) => (result: unknown) => {
      contender.isSettled = true;
      for (const waiting of contender.races) waiting[outcome](result);
    };
    Class.resolve(value).then(end('resolve'), end('reject'));
    return contender;
  }

  return (values: Iterable<unknown>) =>
    new Class<never>((resolve, reject) => {
      const joined: Contender[] = [];
      const leave = () => {
        for (const { races } of joined) races.delete(race);
      };
      const race: Race = {
        resolve: (value) => {
          leave();
          resolve(value as never);
        },
        reject: (reason) => {
          leave();
          reject(reason);
        },
      };
      for (const value of values) {
        const contender = typeof value === 'object' && value !== null ? join(value, race) : undefined;
        if (contender) joined.push(contender);
        else Class.resolve(value).then(race.resolve, race.reject);
      }
    });
}
