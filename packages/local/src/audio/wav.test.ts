import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWav, writeWav } from './wav.js';

const sample = fc.integer({ min: -32_768, max: 32_767 });
const rate = fc.constantFrom(8_000, 16_000, 24_000, 44_100, 48_000);

describe('a WAV file', () => {
  it('reads back as it was written, mono', () => {
    fc.assert(
      fc.property(fc.array(sample), rate, (values, sampleRateHz) => {
        const wav = { sampleRateHz, channels: [Int16Array.from(values)] };
        expect(readWav(writeWav(wav))).toEqual(wav);
      }),
    );
  });

  it('reads back as it was written, stereo', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(sample, sample)), rate, (pairs, sampleRateHz) => {
        const channels = [0, 1].map((side) => Int16Array.from(pairs, (pair) => pair[side]!));
        expect(readWav(writeWav({ sampleRateHz, channels }))).toEqual({ sampleRateHz, channels });
      }),
    );
  });

  it('is read up to its last whole frame when it is truncated', () => {
    const bytes = writeWav({
      sampleRateHz: 8_000,
      channels: [Int16Array.of(1, 2, 3), Int16Array.of(4, 5, 6)],
    });
    expect(readWav(bytes.subarray(0, bytes.length - 3)).channels).toEqual([
      Int16Array.of(1, 2),
      Int16Array.of(4, 5),
    ]);
  });

  it('may contain other chunks before its audio', () => {
    const bytes = writeWav({ sampleRateHz: 8_000, channels: [Int16Array.of(7, -7)] });
    // An odd length is followed by a filler byte.
    const extra = Uint8Array.from([...Buffer.from('LIST'), 3, 0, 0, 0, 1, 2, 3, 0]);
    const longer = Uint8Array.from([...bytes.subarray(0, 36), ...extra, ...bytes.subarray(36)]);
    expect(readWav(longer).channels[0]).toEqual(Int16Array.of(7, -7));
  });

  it('is read from the middle of a larger buffer', () => {
    const bytes = writeWav({ sampleRateHz: 8_000, channels: [Int16Array.of(7, -7)] });
    const larger = Uint8Array.from([9, ...bytes, 9]);
    expect(readWav(larger.subarray(1, -1)).channels[0]).toEqual(Int16Array.of(7, -7));
  });
});

describe('an unreadable WAV', () => {
  it('is rejected without crashing, whatever the bytes', () => {
    const bytes = writeWav({ sampleRateHz: 8_000, channels: [Int16Array.of(1, 2, 3)] });
    fc.assert(
      fc.property(fc.nat(43), fc.nat(255), (at, value) => {
        const damaged = bytes.slice();
        damaged[at] = value;
        try {
          readWav(damaged);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad_input' });
        }
      }),
    );
  });

  it.each([
    ['text', new TextEncoder().encode('this is not audio at all'), /not a WAV/],
    ['nothing', new Uint8Array(), /not a WAV/],
    ['8-bit audio', patched(34, 8), /8-bit/],
    ['floating point audio', patched(20, 3), /encoding 3/],
    ['six channels', patched(22, 6), /6 channels/],
    ['no rate', patched(25, 0, 24, 0), /sample rate, 0 Hz/],
  ])('is refused by name: %s', (_what, bytes, message) => {
    expect(() => readWav(bytes, 'tape.wav')).toThrow(message);
    expect(() => readWav(bytes, 'tape.wav')).toThrow(/tape\.wav .*16-bit PCM/);
  });
});

describe('audio that cannot be written', () => {
  it.each([
    ['no channel', [], /1 or 2 channels/],
    ['unequal channels', [new Int16Array(1), new Int16Array(2)], /equal length/],
  ])('is refused: %s', (_what, channels, message) => {
    expect(() => writeWav({ sampleRateHz: 8_000, channels })).toThrow(message);
  });

  it('is refused: an impossible rate', () => {
    expect(() => writeWav({ sampleRateHz: Number.NaN, channels: [new Int16Array(1)] })).toThrow(
      /sample rate/,
    );
  });
});

/** A small WAV with single bytes replaced: position, value, position, value… */
function patched(...changes: number[]): Uint8Array {
  const bytes = writeWav({ sampleRateHz: 8_000, channels: [Int16Array.of(1, 2, 3)] });
  for (let i = 0; i < changes.length; i += 2) bytes[changes[i]!] = changes[i + 1]!;
  return bytes;
}
