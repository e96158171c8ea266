import { expect, it } from 'vitest';
import { withoutSecrets } from './secrets.js';

it('replaces the values in use, whatever their format, and what is recognized by its format', () => {
  const text = 'invalid_key_k9-Zr2 (k9-Zr2-long), Bearer 0123456789, token';
  expect(withoutSecrets(text, ['k9-Zr2', 'k9-Zr2-long', 'token'])).toBe(
    'invalid_key_[redacted] ([redacted]), Bearer [redacted], token',
  );
});
