import { fliteTts } from '@firstword/local';
import { beforeAll, describe, expect, it } from 'vitest';
import { rms } from '../audio/level.js';
import { findModelFiles } from './files.js';
import { MoonshineModel } from './model.js';

const RATE_HZ = 16_000;
const LINES = ['Seven thirty.', 'Yes, please.', 'Tuesday.', 'For four people.', 'Please.', 'Goodbye.'];

/** White noise, the same each time. */
function noise(samples: number, amplitude: number): Float64Array {
  let state = 7;
  return Float64Array.from({ length: samples }, () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return amplitude * (state / 2 ** 31 - 1);
  });
}

function mixed(room: Float64Array, sound: ArrayLike<number>, at: number): Int16Array {
  const audio = Int16Array.from(room);
  for (let i = 0; i < sound.length; i++) audio[at + i]! += sound[i]!;
  return audio;
}

/** A breath, a knock or a cough: noise that swells in 25 ms and dies away, duller the nearer `dull` is to 1. */
function burst(ms: number, amplitude: number, dull: number): Float64Array {
  const sound = noise((ms * RATE_HZ) / 1000, amplitude);
  let last = 0;
  return sound.map((sample, i) => {
    last = dull * last + (1 - dull) * sample;
    return (last / Math.sqrt(1 - dull)) * Math.min(1, i / 400) * Math.exp(-i / (0.4 * sound.length));
  });
}

let model: MoonshineModel;
const heard = async (samples: Int16Array) =>
  (await model.transcribe({ samples, draft: [], isCancelled: () => false })).text;
beforeAll(async () => {
  model = await MoonshineModel.load(await findModelFiles());
});

describe('MoonshineModel', () => {
  it.each(['slt', 'kal16'])('recognizes most of the short speech of %s in a noisy room', async (voice) => {
    const tts = fliteTts({ voice, sampleRateHz: RATE_HZ });
    let empty = 0;
    for (const line of LINES) {
      const frames: number[] = [];
      for await (const frame of tts.synthesize(line)) frames.push(...frame);
      // 15 dB under the speech; white noise of amplitude a has an RMS of a / √3.
      const amplitude = rms(Int16Array.from(frames)) * 10 ** (-15 / 20) * Math.sqrt(3);
      for (const leadMs of [300, 400, 500]) {
        const lead = (leadMs * RATE_HZ) / 1000;
        const text = await heard(mixed(noise(lead + frames.length + 4000, amplitude), frames, lead));
        if (text === '') empty += 1;
      }
    }
    await tts.close();
    // 15 and 9 of the 18 without favouring words.
    expect(empty).toBeLessThanOrEqual(6);
  });

  it.each([0, 5, 400])('recognizes no words in noises over room noise of %i', async (room) => {
    for (const ms of [100, 250, 500, 900]) {
      for (const dull of [0.2, 0.7, 0.93]) {
        const sound = burst(ms, 4000, dull);
        expect(await heard(mixed(noise(1.6 * RATE_HZ, room), sound, 4800))).toBe('');
      }
    }
  });

  it('recognizes no words in a quiet room', async () => {
    for (const amplitude of [5, 30, 300, 700]) {
      for (const seconds of [1, 2]) {
        expect(await heard(Int16Array.from(noise(seconds * RATE_HZ, amplitude)))).toBe('');
      }
    }
  });
});
