import { startEmulator } from '@firstword/emulator';
import { expect, onTestFinished, test } from 'vitest';
import { readAll, textOf } from '../testing/read.js';
import { cerebras, groq } from './index.js';

async function emulated() {
  const emulator = await startEmulator({ seed: 1, profile: 'instant' });
  onTestFinished(() => emulator.close());
  return { baseUrl: emulator.url, apiKey: 'k', model: 'instant' };
}

const short = 'At what time do you open?';
const long = `${'The guest has been here before and liked the window. '.repeat(600)}${short}`;

test.each([
  ['json', short],
  ['gzip', long],
  ['msgpack', short],
  ['msgpack', long],
] as const)('Cerebras is understood in %s', async (bodyEncoding, content) => {
  const model = cerebras({ ...(await emulated()), bodyEncoding });
  onTestFinished(() => model.close());
  const events = await readAll(model.chat({ messages: [{ role: 'user', content }] }));
  expect(textOf(events)).not.toBe('');
});

test('rejects an encoding that the provider does not accept', async () => {
  expect(() => groq({ model: 'm', bodyEncoding: 'msgpack' })).toThrow(/Groq does not accept msgpack bodies/);
});
