import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { inferenceToken } from './token.js';

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

test('allows inference for ten minutes', () => {
  const claims = claimsOf(inferenceToken('key:secret', 1_800_000_030_000));
  expect(claims).toEqual({
    iss: 'key',
    sub: 'agent',
    nbf: 1_800_000_000,
    exp: 1_800_000_600,
    inference: { perform: true },
  });
});

test('is signed with the secret', () => {
  const [head, body, signature] = inferenceToken('key:s3cret', 0).split('.');
  expect(signature).toBe(createHmac('sha256', 's3cret').update(`${head}.${body}`).digest('base64url'));
});

test('is reused for a minute, then replaced', () => {
  expect(inferenceToken('key:secret', 59_999)).toBe(inferenceToken('key:secret', 0));
  expect(inferenceToken('key:secret', 60_000)).not.toBe(inferenceToken('key:secret', 59_999));
});

test('a key without a secret is bad input, and the error does not show it', () => {
  expect(() => inferenceToken('only-key', 0)).toThrow(expect.objectContaining({ code: 'bad_input' }));
  expect(() => inferenceToken('only-key', 0)).not.toThrow(/only-key/);
});
