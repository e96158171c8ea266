import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OpenAiReader } from './openai/reader.js';
import { MAX_EVENT_LENGTH, SseDecoder } from './sse.js';
import type { WireSignal } from './wire.js';

/** Splits bytes at these positions, even inside a character. */
function cut(bytes: Uint8Array, places: number[]): Uint8Array[] {
  const edges = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...edges].map((from, i) => bytes.subarray(from, edges[i] ?? bytes.length));
}

function readText(chunks: Uint8Array[]): string {
  const decoder = new SseDecoder({ provider: 'p' });
  const reader = new OpenAiReader({ provider: 'p' });
  const signals: WireSignal[] = [];
  for (const chunk of chunks) for (const event of decoder.push(chunk)) signals.push(...reader.read(event));
  for (const event of decoder.end()) signals.push(...reader.read(event));
  signals.push(...reader.end());
  return signals.map((signal) => (signal.type === 'text' ? signal.text : '')).join('');
}

const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const jsonObject = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value));
const words = fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1, maxLength: 8 });

test('the text is the same wherever the bytes are split', () => {
  fc.assert(
    fc.property(words, lineEnd, fc.array(fc.nat(5_000), { maxLength: 30 }), (pieces, eol, places) => {
      const events = [
        ...pieces.map((content) => JSON.stringify({ choices: [{ delta: { content } }] })),
        JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] }),
        '[DONE]',
      ];
      const bytes = Buffer.from(events.map((event) => `data: ${event}${eol}: ping${eol}${eol}`).join(''));
      expect(readText(cut(bytes, places))).toBe(pieces.join(''));
    }),
  );
});

test('tool arguments are the same wherever the bytes are split', () => {
  fc.assert(
    fc.property(jsonObject, fc.array(fc.nat(40), { maxLength: 10 }), (args, places) => {
      const edges = [...new Set(places)].sort((a, b) => a - b);
      const parts = [0, ...edges].map((from, i) => args.slice(from, edges[i]));
      const reader = new OpenAiReader({ provider: 'p' });
      const signals = parts.flatMap((part) => {
        const tool_calls = [{ index: 0, id: 'c', function: { name: 'book', arguments: part } }];
        return reader.read({ data: JSON.stringify({ choices: [{ delta: { tool_calls } }] }) });
      });
      signals.push(...reader.read({ data: '[DONE]' }));
      expect(signals).toContainEqual({ type: 'toolCall', call: { id: 'c', name: 'book', arguments: args } });
    }),
  );
});

test('arbitrary bytes give events or a typed error, never anything else', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.nat(200), { maxLength: 5 }),
      (bytes, places) => {
        try {
          readText(cut(bytes, places));
        } catch (error) {
          expect(error).toMatchObject({ name: 'FirstwordError' });
        }
      },
    ),
  );
});

test('an event over the size limit is refused', () => {
  const decoder = new SseDecoder({ provider: 'p' });
  const megabyte = new Uint8Array(1024 * 1024).fill(0x61);
  decoder.push(Buffer.from('data: '));
  const feed = () => {
    for (let fed = 0; fed <= MAX_EVENT_LENGTH; fed += megabyte.length) decoder.push(megabyte);
  };
  expect(feed).toThrow(expect.objectContaining({ code: 'bad_stream' }));
});

test('a character cut off by the end is refused', () => {
  const decoder = new SseDecoder({ provider: 'p' });
  decoder.push(Buffer.from('data: é').subarray(0, -1));
  expect(() => decoder.end()).toThrow(expect.objectContaining({ code: 'bad_stream' }));
});
