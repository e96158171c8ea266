import { ManualClock } from '@firstword/turn';
import { expect, it } from 'vitest';
import { FirstSentence } from './first-sentence.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Feeds one piece every 100 ms. */
async function sentenceAt(pieces: string[]): Promise<number | undefined> {
  const clock = new ManualClock();
  const sentence = new FirstSentence(clock);
  for (const piece of pieces) {
    sentence.push(piece);
    await settled();
    clock.advance(100);
  }
  sentence.end();
  await settled();
  return sentence.atMs;
}

it('ends when the next sentence has begun, as in LiveKit', async () => {
  const pieces = ['Yes, we are open on Sunday', ' from noon. ', 'What time', ' would suit you?', ' Tell me.'];
  expect(await sentenceAt(pieces)).toBe(200);
});

it('ends with the answer if the answer is one sentence', async () => {
  expect(await sentenceAt(['Yes, we are open', ' on Sunday from noon.'])).toBe(200);
});

it('has no time if the answer is empty', async () => {
  expect(await sentenceAt([])).toBeUndefined();
});
