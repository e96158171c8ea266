import { redact, redactAll } from '@firstword/turn';
import { textOf } from '../inputs.js';
import { expect, type FuzzTarget } from './target.js';

const SECRETS = [
  'eyJ',
  '-eyJ',
  'eyJhbGciOiJIUzI1NiJ9',
  '.',
  'sk-',
  'sk-proj-',
  'gsk_',
  'AIza',
  'hf_',
  'Bearer ',
  'bearer',
  '://',
  'https://',
  'a:b@',
  '@',
  'ann.b@example.org',
  '+49',
  '15112345678',
  '+1 (415) 555-0123',
  'sip_',
  'tel:',
  '12345',
  '?key=',
  '&token=',
  '&',
  '=',
  '"',
  '0123456789abcdef',
  'abcdefghij',
  ' ',
  '-',
  '_',
  '/',
  '订',
  'é',
  '\n',
  '(',
  ')',
  ',',
  '%',
  'room',
];

/** The removal of secrets and telephone numbers. */
export const redaction: FuzzTarget<string[]> = {
  name: 'redact',
  make: (random) => [textOf(SECRETS, random)],
  read([text = '']) {
    const once = redact(text);
    expect(!/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]/.test(once), 'a token is left');
    expect(redact(once).length <= once.length + 64, 'redacting again adds text');
    redactAll({ a: [text, { b: text }] });
  },
};
