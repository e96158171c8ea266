import { ReadableStream } from 'node:stream/web';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Future, readStream } from '@livekit/agents';
import { expect, it } from 'vitest';
import { releaseRaces } from './race.js';

it('LiveKit still reads a stream in races that `releaseRaces` can replace, and keeps nothing of it', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  releaseRaces();
  const read: WeakRef<object>[] = [];
  const source = new ReadableStream<object>({
    pull(controller) {
      const frame = { samples: new Int16Array(160) };
      read.push(new WeakRef(frame));
      controller.enqueue(frame);
    },
  });
  const session = new AbortController();
  let frames = 0;
  for await (const _ of readStream(source, session.signal)) {
    frames += 1;
    if (frames === 100) break;
  }
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(read.filter((frame) => frame.deref() !== undefined).length).toBeLessThan(5);
  session.abort();
});

it('a race of `releaseRaces` settles as the language’s own does, and in the same microtask', async () => {
  releaseRaces();
  const LiveKitPromise = new Future().await.constructor as PromiseConstructor;
  const never = new Promise(() => {});
  const cases: (() => unknown[])[] = [
    () => [never, Promise.resolve('a')],
    () => [1, never],
    () => [new Future().await, Promise.reject(new Error('no'))],
    () => [Promise.resolve('a'), Promise.resolve('b')],
    () => [never, new Promise((resolve) => queueMicrotask(() => resolve('late')))],
    () => [LiveKitPromise.resolve('own'), never],
  ];
  for (const values of cases) {
    const settled: string[] = [];
    const note = (which: string, race: Promise<unknown>) =>
      race.then(
        (value) => settled.push(`${which} ${String(value)}`),
        (error: unknown) => settled.push(`${which} ${String(error)}`),
      );
    const own = note('own', Reflect.apply(Promise.race, LiveKitPromise, [values()]));
    await Promise.all([own, note('released', LiveKitPromise.race(values()))]);
    expect(settled[1]).toBe(settled[0]!.replace('own', 'released'));
  }
});
