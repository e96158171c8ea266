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

test('compresses a long body where the provider accepts it', async () => {
  const { bytes, headers } = await encodeBody(long, { encoding: 'gzip' });
  expect(headers).toEqual(GZIP);
  expect(JSON.parse(gunzipSync(bytes).toString())).toEqual(long);
});

test('counts bytes: in Hindi, a third of the characters is enough', async () => {
  const hindi = { text: 'क'.repeat(COMPRESS_ABOVE / 2) };
  expect((await encodeBody(hindi, { encoding: 'gzip' })).headers).toEqual(GZIP);
  const english = { text: 'k'.repeat(COMPRESS_ABOVE / 2) };
  expect((await encodeBody(english, { encoding: 'gzip' })).headers).toEqual({});
});

test('does not compress it for other providers', () => {
  expect(encodeBody(long, { encoding: 'json' })).toEqual({ bytes: JSON.stringify(long), headers: {} });
});

test('MessagePack contains the same as JSON, and is compressed when it is long', async () => {
  const short = await encodeBody({ a: [1, null, 'é'], b: undefined }, { encoding: 'msgpack' });
  expect(short.headers).toEqual(MSGPACK);
  expect(decode(short.bytes as Uint8Array)).toEqual({ a: [1, null, 'é'] });
  const { bytes, headers } = await encodeBody(long, { encoding: 'msgpack' });
  expect(headers).toEqual({ ...MSGPACK, ...GZIP });
  expect(decode(gunzipSync(bytes))).toEqual(long);
});

/** Without `__proto__`, which the test's decoder rejects; the encoder accepts it. */
const key = fc.string({ maxLength: 10 }).filter((name) => name !== '__proto__');
const leaf = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null));
const part = fc.dictionary(key, fc.oneof(leaf, fc.array(leaf, { maxLength: 4 })), { maxKeys: 4 });

test('MessagePack contains the same as JSON for any body', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key, part, { maxKeys: 4 }), async (body) => {
      const { bytes } = await encodeBody(body, { encoding: 'msgpack' });
      expect(JSON.stringify(decode(bytes as Uint8Array))).toBe(JSON.stringify(body));
    }),
  );
});

test('a body that would block the event loop is not sent as MessagePack', async () => {
  const { headers } = await encodeBody(veryLong, { encoding: 'msgpack' });
  expect(headers).toEqual(GZIP);
});
