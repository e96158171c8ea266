import { gunzipSync } from 'node:zlib';
import { decode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COMPRESS_ABOVE, encodeBody, PACK_BELOW } from './encode.js';

const long = { text: 'word '.repeat(COMPRESS_ABOVE / 4) };
const veryLong = { text: 'word '.repeat(PACK_BELOW / 4) };
const MSGPACK = { 'content-type': 'application/vnd.msgpack' };
const GZIP = { 'content-encoding': 'gzip' };

test.each(['json', 'gzip'] as const)('a short body is sent as it is, without a wait: %s', (encoding) => {
  expect(encodeBody({}, { encoding })).toEqual({ bytes: '{}', headers: {} });
});

test('a long body is compressed for those who take it', async () => {
  const { bytes, headers } = await encodeBody(long, { encoding: 'gzip' });
  expect(headers).toEqual(GZIP);
  expect(JSON.parse(gunzipSync(bytes).toString())).toEqual(long);
});

test('it is bytes that are counted: a third of the characters will do in Hindi', async () => {
  const hindi = { text: 'क'.repeat(COMPRESS_ABOVE / 2) };
  expect((await encodeBody(hindi, { encoding: 'gzip' })).headers).toEqual(GZIP);
  const english = { text: 'k'.repeat(COMPRESS_ABOVE / 2) };
  expect((await encodeBody(english, { encoding: 'gzip' })).headers).toEqual({});
});

test('and for nobody else', () => {
  expect(encodeBody(long, { encoding: 'json' })).toEqual({ bytes: JSON.stringify(long), headers: {} });
});

test('MessagePack holds what JSON would, and is compressed when it is long', async () => {
  const short = await encodeBody({ a: [1, null, 'é'], b: undefined }, { encoding: 'msgpack' });
  expect(short.headers).toEqual(MSGPACK);
  expect(decode(short.bytes as Uint8Array)).toEqual({ a: [1, null, 'é'] });
  const { bytes, headers } = await encodeBody(long, { encoding: 'msgpack' });
  expect(headers).toEqual({ ...MSGPACK, ...GZIP });
  expect(decode(gunzipSync(bytes))).toEqual(long);
});

/** `__proto__` is a key that the decoder of the test, not the encoder, refuses. */
const key = fc.string({ maxLength: 10 }).filter((name) => name !== '__proto__');
const leaf = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null));
const part = fc.dictionary(key, fc.oneof(leaf, fc.array(leaf, { maxLength: 4 })), { maxKeys: 4 });

test('whatever the body', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key, part, { maxKeys: 4 }), async (body) => {
      const { bytes } = await encodeBody(body, { encoding: 'msgpack' });
      expect(JSON.stringify(decode(bytes as Uint8Array))).toBe(JSON.stringify(body));
    }),
  );
});

test('one that would hold up the event loop is not packed', async () => {
  const { headers } = await encodeBody(veryLong, { encoding: 'msgpack' });
  expect(headers).toEqual(GZIP);
});
