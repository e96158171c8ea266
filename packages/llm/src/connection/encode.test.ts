import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { COMPRESS_ABOVE, encodeBody } from './encode.js';

const long = JSON.stringify({ text: 'word '.repeat(COMPRESS_ABOVE) });

test('a short body is sent as it is, without a wait', () => {
  expect(encodeBody('{}', { gzip: true })).toEqual({ bytes: '{}', headers: {} });
});

test('a long body is compressed for those who take it', async () => {
  const { bytes, headers } = await encodeBody(long, { gzip: true });
  expect(headers).toEqual({ 'content-encoding': 'gzip' });
  expect(gunzipSync(bytes).toString()).toBe(long);
});

test('and for nobody else', () => {
  expect(encodeBody(long, { gzip: false })).toEqual({ bytes: long, headers: {} });
});
