import { startEmulator } from '@firstword/emulator';
import { expect, onTestFinished, test } from 'vitest';
import { openAiCompatible } from '../providers/compatible/index.js';
import { HELLO, readAll } from '../testing/read.js';
import { until } from '../testing/server.js';

/** A model over real TLS without warm connections. Its first answer never ends, so its connection stays busy. */
async function overTls() {
  const faults = { rules: [{ fault: { kind: 'stall' as const }, nth: [1] }] };
  const emulator = await startEmulator({ profile: 'instant', tls: true, faults });
  const model = openAiCompatible({
    model: 'instant',
    baseUrl: emulator.url,
    ca: emulator.caPem!,
    keepWarm: 0,
  });
  onTestFinished(async () => {
    await model.close();
    await emulator.close();
  });
  return model;
}

test('a new connection to a server seen before resumes its TLS session', async () => {
  const model = await overTls();
  const first = model.chat(HELLO);
  await until(() => first.trace.marks.firstContent !== undefined);
  const second = model.chat(HELLO);
  await readAll(second);
  expect(first.trace.connection).toMatchObject({ state: 'cold', tlsMs: expect.any(Number) });
  expect(second.trace.connection).toMatchObject({ state: 'resumed', tlsMs: expect.any(Number) });
});

test('the replacement for a cancelled request’s connection resumes it too', async () => {
  const model = await overTls();
  const first = model.chat(HELLO);
  await until(() => first.trace.marks.firstContent !== undefined);
  first.cancel();
  const second = model.chat(HELLO);
  await readAll(second);
  expect(second.trace.connection).toMatchObject({ state: 'resumed' });
});

test('two models share no sessions', async () => {
  const [one, other] = [await overTls(), await overTls()];
  const seen = one.chat(HELLO);
  await until(() => seen.trace.marks.firstContent !== undefined);
  const chat = other.chat(HELLO);
  await until(() => chat.trace.marks.firstContent !== undefined);
  expect(chat.trace.connection).toMatchObject({ state: 'cold' });
});
