import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_MESSAGE_BYTES } from '../protocol.js';
import { decodeAudioFrame, encodeAudioFrame } from './audio-frame.js';

describe('audio frames', () => {
  it('decode to what was encoded', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('mic', 'agent', 'sampleCaller'),
        fc.double({ noNaN: true }),
        fc.int16Array({ minLength: 1, maxLength: 480 }),
        (kind, value, pcm) => {
          expect(decodeAudioFrame(encodeAudioFrame({ kind, value, pcm }))).toEqual({ kind, value, pcm });
        },
      ),
    );
  });

  it('have the byte layout of the protocol', () => {
    const bytes = new Uint8Array(encodeAudioFrame({ kind: 'mic', value: 1, pcm: Int16Array.of(0x0102) }));
    expect([...bytes]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x02, 0x01]);
  });

  it('are rejected when the bytes are random', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const frame = decodeAudioFrame(bytes.slice().buffer);
        const isWhole = bytes.length >= 18 && bytes.length % 2 === 0 && bytes[0]! >= 1 && bytes[0]! <= 3;
        expect(frame !== undefined).toBe(isWhole);
      }),
    );
  });

  it('of the microphone are far smaller than the largest message', () => {
    const frame = encodeAudioFrame({ kind: 'mic', value: 0, pcm: new Int16Array(320) });
    expect(frame.byteLength).toBeLessThan(MAX_MESSAGE_BYTES / 10);
  });
});
