import { expect, it } from 'vitest';
import { VAD_RATE_HZ, voiceProbabilities } from './voice-probability.js';

it('hears no voice in silence, in one window for each 32 ms begun', async () => {
  const probabilities = await voiceProbabilities(new Int16Array(VAD_RATE_HZ + 1));
  expect(probabilities).toHaveLength(32);
  expect(Math.max(...probabilities)).toBeLessThan(0.1);
});

it('judges each recording by itself', async () => {
  const sound = Int16Array.from(
    { length: VAD_RATE_HZ },
    (_, i) => 8000 * Math.sin(i / 20) * Math.sin(i / 900),
  );
  expect(await voiceProbabilities(sound)).toEqual(await voiceProbabilities(sound));
});

it('stops when it is aborted', async () => {
  const signal = AbortSignal.abort();
  await expect(voiceProbabilities(new Int16Array(1000), { signal })).rejects.toMatchObject({
    code: 'aborted',
  });
});
