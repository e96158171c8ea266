import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact, redactAll } from './redact.js';

describe('redaction', () => {
  it.each([
    ['sip_+4915112345678', 'sip_[redacted]'],
    ['call-_+14155550123_x7Gh', 'call-_[redacted]_x7Gh'],
    ['sip_4915112345678', 'sip_[redacted]'],
    ['calls/+1 (415) 555-0123.jsonl:3', 'calls/[redacted].jsonl:3'],
    ['room_ann.b@example.org_1', 'room_[redacted]_1'],
    ['https://ann:pw@host/v1 is closed', 'https://[redacted]@host/v1 is closed'],
    ['wss://host/rtc?a=1&access_token=abc', 'wss://host/rtc?a=1&access_token=[redacted]'],
    ['Authorization: Bearer abcdefgh12345', 'Authorization: Bearer [redacted]'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln is expired', '[redacted] is expired'],
    ['trace-eyJhbGciOiJIUzI1NiJ9.e30abc.c2ln.v2', 'trace-[redacted].v2'],
    ['a.b.eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln', 'a.b.[redacted]'],
    [`${'x'.repeat(80)}@example.org`, '[redacted]'],
    ['a@b@example.org', 'a@[redacted]'],
    ['the key sk-proj-abcdefghij0123456789 is wrong', 'the key [redacted] is wrong'],
    ['gsk_abcdefghij0123456789', '[redacted]'],
  ])('redacts %s', (text, left) => {
    expect(redact(text)).toBe(left);
  });

  it.each([
    'call-20261124144250131-1',
    'agent-AJ_vfGtdmkNeVmp',
    '2026-11-24T14:42:50.131+01:00',
    'groq:openai/gpt-oss-120b',
    'qwen/qwen3-32b@http://127.0.0.1:8000/v1',
    '57f1b0c2-1111-2222-3333-444455556666',
    'p50 +1200 ms',
    'risk-adjusted-percentile-of-turns',
  ])('leaves %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('redacts every string of a value and changes nothing else', () => {
    const found = {
      id: 'sip_+4915112345678',
      ms: 812.5,
      none: undefined,
      turns: [{ room: '+4915112345678' }],
    };
    expect(redactAll(found)).toStrictEqual({
      id: 'sip_[redacted]',
      ms: 812.5,
      none: undefined,
      turns: [{ room: '[redacted]' }],
    });
  });

  it.each([
    '-eyJ',
    'eyJ.',
    'a.',
    'a@',
    '@a',
    'x',
    '订',
    'a-',
    'a://',
    '?key=',
    'Bearer ',
    'sk-',
    '+4',
    'sip_',
    'tel:1',
  ])('does not hang on %j repeated', (piece) => {
    const text = piece.repeat(100_000);
    expect(redact(`${text} sip_+4915112345678`)).toMatch(/\[redacted\]$/);
  });

  it('redacts deeply nested data without overflowing the stack', () => {
    const deep = JSON.parse(`${'['.repeat(20_000)}"sip_+4915112345678"${']'.repeat(20_000)}`);
    expect(JSON.stringify(redactAll(deep))).toMatch(/^\[+"\[redacted\]"\]+$/);
  });

  it('changes nothing when applied twice', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('+', '4', '9', '@', '.', 'a', '_', ' ', '&key=') }),
        (text) => {
          expect(redact(redact(text))).toBe(redact(text));
        },
      ),
    );
  });
});
