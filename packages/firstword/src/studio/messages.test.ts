import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audioMessage, parseMicFrame, parsePageMessage } from './messages.js';
import { AUDIO, LEVERS, type LeverSet } from './protocol.js';

const NONE = Object.fromEntries(LEVERS.map((name) => [name, false])) as LeverSet;

describe('messages of the page', () => {
  it('parses the messages of the protocol', () => {
    expect(parsePageMessage('{"type":"start","mode":"mic"}')).toEqual({ type: 'start', mode: 'mic' });
    expect(parsePageMessage('{"type":"heard","answer":1,"atMs":12.5}')).toEqual({
      type: 'heard',
      answer: 1,
      atMs: 12.5,
    });
    expect(parsePageMessage(JSON.stringify({ type: 'levers', levers: NONE }))).toEqual({
      type: 'levers',
      levers: NONE,
    });
  });

  it.each([
    '',
    'nope',
    '[]',
    'null',
    '{"type":"start"}',
    '{"type":"rm"}',
    '{"type":"heard","answer":-1,"atMs":0}',
    '{"type":"levers"}',
    '{"type":"levers","levers":{"clause":true}}',
    JSON.stringify({ type: 'levers', levers: { ...NONE, clause: 'on' } }),
    JSON.stringify({ type: 'levers', levers: { ...NONE, warp: true } }),
    JSON.stringify({ type: 'start', mode: 'sample', levers: { clause: true } }),
  ])('rejects %j and asks for a reload', (text) => {
    expect(() => parsePageMessage(text)).toThrow(/Reload the page/);
  });

  it('round-trips microphone frames unchanged', () => {
    fc.assert(
      fc.property(
        fc.int16Array({ minLength: 1, maxLength: 640 }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        (pcm, atMs) => {
          const frame = parseMicFrame(audioMessage(AUDIO.mic, atMs, pcm));
          expect(frame.capturedAtMs).toBe(atMs);
          expect(frame.samples).toEqual(pcm);
        },
      ),
    );
  });

  it('rejects any other bytes without crashing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        fc.pre(bytes[0] !== AUDIO.mic || bytes.length <= 16 || bytes.length % 2 === 1);
        expect(() => parseMicFrame(Buffer.from(bytes))).toThrow(/Reload the page/);
      }),
    );
  });

  it('rejects a frame far longer than the page sends', () => {
    expect(() => parseMicFrame(audioMessage(AUDIO.mic, 0, new Int16Array(16_000)))).toThrow();
  });
});
