import { seededRandom } from '@firstword/turn/statistics';
import { describe, expect, it } from 'vitest';
import { mix, noise, voice } from '../testing/sound.js';
import { FRAME_MS } from './levels.js';
import { speechIn, speechSpans } from './speech-activity.js';

const rateHz = 16_000;
const VOICE = { startMs: 1500, endMs: 3000 };

/** Noise whose level wanders by 12 dB within fractions of a second, as in a car or a room with people in it. */
function unsteadyNoise(ms: number, levelDb: number): Int16Array {
  const steady = noise({ ms, levelDb, rateHz, seed: 5 });
  const random = seededRandom(9);
  const steps = Array.from({ length: Math.ceil(ms / 150) + 1 }, () => random.uniform() * 12 - 8);
  return steady.map((sample, i) => {
    const at = (i * 1000) / rateHz / 150;
    const step = Math.floor(at);
    const gainDb = steps[step]! + (steps[step + 1]! - steps[step]!) * (at - step);
    return Math.round(sample * 10 ** (gainDb / 20));
  });
}

async function found(background: Int16Array, levelDb = -20) {
  mix(background, voice({ ms: VOICE.endMs - VOICE.startMs, levelDb, rateHz }), VOICE.startMs, rateHz);
  const spans = await speechIn(background, rateHz);
  return { startMs: spans[0]?.startMs ?? NaN, endMs: spans.at(-1)?.endMs ?? NaN };
}

describe('a voice', () => {
  for (const [snrDb, toleranceMs] of [
    [40, 12],
    [25, 12],
    [15, 60],
  ] as const) {
    it(`is found to ${toleranceMs} ms in noise of a varying level ${snrDb} dB below it`, async () => {
      const { startMs, endMs } = await found(unsteadyNoise(5500, -20 - snrDb));
      expect(Math.abs(startMs - VOICE.startMs)).toBeLessThanOrEqual(toleranceMs);
      expect(Math.abs(endMs - VOICE.endMs)).toBeLessThanOrEqual(toleranceMs);
    });
  }

  it('ends with the voice, not with the noise that goes on for seconds', async () => {
    const { endMs } = await found(unsteadyNoise(9000, -42));
    expect(Math.abs(endMs - VOICE.endMs)).toBeLessThanOrEqual(20);
  });

  it('does not end with a bang, a hum or a hiss after it', async () => {
    const sound = unsteadyNoise(7000, -60);
    mix(sound, noise({ ms: 50, levelDb: -10, rateHz }), 3600, rateHz);
    mix(sound, noise({ ms: 900, levelDb: -30, rateHz }), 4000, rateHz);
    const hum = Int16Array.from(
      { length: 16_000 },
      (_, i) => 3000 * Math.sin((2 * Math.PI * 100 * i) / rateHz),
    );
    mix(sound, hum, 5500, rateHz);
    const { endMs } = await found(sound);
    expect(Math.abs(endMs - VOICE.endMs)).toBeLessThanOrEqual(12);
  });

  it('is found at the same times however quiet the recording is', async () => {
    const { startMs, endMs } = await found(noise({ ms: 5000, levelDb: -80, rateHz }), -42);
    expect(Math.abs(startMs - VOICE.startMs)).toBeLessThanOrEqual(12);
    expect(Math.abs(endMs - VOICE.endMs)).toBeLessThanOrEqual(12);
  });
});

it('finds no speech in noise, in digital silence and in nothing', async () => {
  expect(await speechIn(unsteadyNoise(4000, -30), rateHz)).toEqual([]);
  expect(await speechIn(new Int16Array(16_000), rateHz)).toEqual([]);
  expect(await speechIn(new Int16Array(0), rateHz)).toEqual([]);
});

it('stops when it is aborted', async () => {
  const signal = AbortSignal.abort();
  await expect(speechIn(new Int16Array(16_000), rateHz, { signal })).rejects.toMatchObject({
    code: 'aborted',
  });
});

describe('the edges', () => {
  /** 3 s in frames of 4 ms; `loud` are spans in ms. */
  const levels = (loud: [from: number, to: number, levelDb: number][]) => {
    const all = new Float64Array(3000 / FRAME_MS).fill(-70);
    for (const [from, to, levelDb] of loud) all.fill(levelDb, from / FRAME_MS, to / FRAME_MS);
    return all;
  };
  const hears = (spans: [from: number, to: number, probability: number][]) => {
    const all = new Float64Array(94).fill(0.02);
    for (const [from, to, probability] of spans) all.fill(probability, from / 32, to / 32);
    return all;
  };

  it('include a soft beginning before the voice, and the release of a final stop after it', () => {
    const sound = levels([
      [900, 1000, -45],
      [1000, 1800, -20],
      [1900, 1940, -42],
    ]);
    const heard = hears([
      [1024, 1856, 1],
      [1888, 1952, 0.25],
    ]);
    expect(speechSpans(sound, heard)).toEqual([{ startMs: 900, endMs: 1940 }]);
    const click = hears([[1024, 1856, 1]]);
    expect(speechSpans(sound, click)).toEqual([{ startMs: 900, endMs: 1800 }]);
  });

  it('leave out the echo of the room, which fades where the voice is nearly over', () => {
    const sound = levels([
      [1000, 1800, -20],
      [1800, 1860, -55],
    ]);
    expect(speechSpans(sound, hears([[1024, 1856, 1]]))).toEqual([{ startMs: 1000, endMs: 1824 }]);
  });

  it('merge words, and keep sentences apart', () => {
    const sound = levels([
      [320, 800, -20],
      [960, 1280, -20],
      [2080, 2560, -20],
    ]);
    const heard = hears([
      [320, 864, 1],
      [960, 1344, 1],
      [2080, 2624, 1],
    ]);
    expect(speechSpans(sound, heard)).toEqual([
      { startMs: 320, endMs: 1280 },
      { startMs: 2080, endMs: 2560 },
    ]);
  });
});
