import { AsyncLocalStorage, executionAsyncResource } from 'node:async_hooks';
import { systemClock } from '@firstword/turn';
import { APIStatusError, initializeLogger } from '@livekit/agents';
import { beforeAll, expect, it } from 'vitest';
import { ScriptedTTS, SPOKEN } from '../testing/scripted-tts.js';
import { WrappedTTS } from './wrapped-tts.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

const options = { conn: { maxRetry: 0, retryIntervalMs: 0, timeoutMs: 1_000 }, stallMs: 1_000 };
const refused = () =>
  new APIStatusError({ message: 'refused', options: { statusCode: 401, retryable: false } });

async function samplesOf(wrapped: WrappedTTS): Promise<number> {
  let samples = 0;
  for await (const part of wrapped.request('Hello there.', options).audio()) samples += part.length;
  return samples;
}

/** Properties that Node sets on each promise: one for each AsyncLocalStorage in use. None from Node 24 on. */
async function storages(): Promise<number> {
  await null;
  return Object.getOwnPropertySymbols(executionAsyncResource()).length;
}

it('takes no AsyncLocalStorage of its own, which Node would never release', async () => {
  const open = async () => {
    const wrapped = new WrappedTTS(new ScriptedTTS(true), systemClock);
    expect(await samplesOf(wrapped)).toBeGreaterThan(0);
    wrapped.detach();
  };
  await open();
  const before = await new AsyncLocalStorage().run(undefined, storages);
  for (let i = 0; i < 5; i += 1) await open();
  // The one of this test was new.
  expect(await storages()).toBeLessThanOrEqual(before);
});

it('knows the failure of its own request inside one of another TTS, and the other does not take it for its own', async () => {
  const outer = new WrappedTTS(new ScriptedTTS(true), systemClock);
  const inner = new WrappedTTS(new ScriptedTTS(true, () => [refused()]), systemClock);
  const works = new ScriptedTTS(true, () => SPOKEN);
  let failure: unknown;
  // As an adapter does, the outer TTS asks the inner one when it is asked itself.
  const stream = outer.tts.stream.bind(outer.tts);
  outer.tts.stream = (given) => {
    failure = samplesOf(inner).catch((error: unknown) => error);
    return stream(given);
  };
  expect(await samplesOf(outer)).toBeGreaterThan(0);
  expect(await failure).toMatchObject({ statusCode: 401 });
  expect(await samplesOf(new WrappedTTS(works, systemClock))).toBeGreaterThan(0);
});

it('knows its own failure in a context that another TTS has opened since', async () => {
  const inner = new WrappedTTS(new ScriptedTTS(true), systemClock);
  const failing = new ScriptedTTS(true, () => [refused()]);
  const outer = new WrappedTTS(failing, systemClock);
  const emit = failing.emit.bind(failing);
  // Its error is emitted by what runs for a request of the inner TTS.
  failing.emit = (...event) => {
    const stream = inner.tts.stream.bind(inner.tts);
    inner.tts.stream = (given) => {
      emit(...event);
      return stream(given);
    };
    inner.request('Hello there.', options).close();
    return true;
  };
  await expect(samplesOf(outer)).rejects.toMatchObject({ statusCode: 401 });
});
