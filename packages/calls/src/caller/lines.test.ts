import { fliteTts } from '@firstword/local';
import { afterAll, describe, expect, it } from 'vitest';
import { CALLER_RATE_HZ, synthesizeCall, trimmed } from './clips.js';
import { callLines, SAMPLE_CALL } from './lines.js';
import { noisyRoomRms, roomTone } from './room-tone.js';

const textOf = (lines: ReturnType<typeof callLines>) => lines.map((line) => line.parts.join(' '));

describe('the sample call', () => {
  it('has at least eight lines', () => {
    expect(SAMPLE_CALL.length).toBeGreaterThanOrEqual(8);
  });

  it('can have any number of turns, and ends with thanks', () => {
    for (const turns of [0, 1, 6, 9, 10, 37, 100]) expect(callLines({ turns })).toHaveLength(turns);
    expect(textOf(callLines({ turns: 3 }))).toEqual(textOf([...SAMPLE_CALL.slice(0, 3)]));
    expect(textOf(callLines({ turns: 100 })).at(-1)).toContain('goodbye');
  });

  it('varies with the seed', () => {
    const [a, b] = [callLines({ turns: 100, seed: 4 }), callLines({ turns: 100, seed: 5 })];
    expect(callLines({ turns: 100, seed: 4 })).toEqual(a);
    expect(b).not.toEqual(a);
    expect(new Set(textOf(a)).size).toBeGreaterThan(40);
  });
});

describe('the caller’s voice', () => {
  const voice = fliteTts({ voice: 'rms' });
  afterAll(() => voice.close());

  it('speaks every part of a line, with pauses between and no silence around', async () => {
    const breathMs = 180;
    const lines = [
      { parts: ['Friday evening, please,'], breathMs },
      { parts: ['Friday evening, please,', 'if you have something.'], breathMs },
    ];
    const [one, two] = await synthesizeCall({ lines, voice });
    expect(one!.samples.length).toBeGreaterThan(CALLER_RATE_HZ / 2);
    expect(two!.samples.subarray(0, one!.samples.length)).toEqual(one!.samples);
    const breath = two!.samples.subarray(one!.samples.length, one!.samples.length + 2880);
    expect(breath.every((sample) => sample === 0)).toBe(true);
    expect(trimmed(two!.samples)).toEqual(two!.samples);
  });
});

it('has room noise that is quiet, never digitally silent, and reproducible', () => {
  const room = roomTone(7)(16_000);
  const rms = Math.sqrt(room.reduce((sum, sample) => sum + sample * sample, 0) / room.length);
  expect(20 * Math.log10(rms / 32_768)).toBeGreaterThan(-72);
  expect(20 * Math.log10(rms / 32_768)).toBeLessThan(-60);
  expect(roomTone(7)(16_000)).toEqual(room);
  expect(roomTone(8)(16_000)).not.toEqual(room);
});

it('has room noise at the requested signal-to-noise ratio, but never below a quiet room', () => {
  const speech = Int16Array.from({ length: 16_000 }, (_, i) => (i % 2 === 0 ? 3000 : -3000));
  const rmsOf = (room: Int16Array) => Math.sqrt(room.reduce((sum, s) => sum + s * s, 0) / room.length);
  const noisy = rmsOf(roomTone(7, noisyRoomRms([speech], 20))(48_000));
  expect(20 * Math.log10(3000 / noisy)).toBeCloseTo(20, 0);
  expect(noisyRoomRms([speech], 90)).toBeGreaterThan(15);
});
