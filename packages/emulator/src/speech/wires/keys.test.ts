import { expect, it } from 'vitest';
import { headerKey, livekitKey, tokenKey } from './keys.js';

it('reads the key as each vendor sends it', () => {
  expect(tokenKey({ authorization: 'Token abc' })).toBe('abc');
  expect(tokenKey({})).toBeUndefined();
  expect(headerKey('xi-api-key')({ 'xi-api-key': 'abc' })).toBe('abc');
});

it('reads LiveKit’s key from its token', () => {
  const payload = Buffer.from(JSON.stringify({ iss: 'abc' })).toString('base64url');
  expect(livekitKey({ authorization: `Bearer head.${payload}.signature` })).toBe('abc');
  for (const authorization of ['Bearer abc', 'Bearer a.b.c', '']) {
    expect(livekitKey({ authorization })).toBeUndefined();
  }
});
