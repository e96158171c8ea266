import { describe, expect, it } from 'vitest';
import { insecureContextNotice, micErrorNotice } from './audio-notices.js';

describe('micErrorNotice', () => {
  it.each([
    ['NotAllowedError', 'mic_refused', /Allow it/],
    ['NotFoundError', 'mic_missing', /Connect one/],
    ['NotReadableError', 'mic_busy', /Close that program/],
    ['OddError', 'mic_failed', /Reload the page/],
  ])('turns %s into %s and says what to do', (name, code, advice) => {
    const notice = micErrorNotice(new DOMException('', name));
    expect(notice).toMatchObject({ code, tone: 'problem' });
    expect(notice.message).toMatch(advice);
    expect(notice.message).toMatch(/Play a sample call/);
  });

  it('accepts a value that is not an error', () => {
    expect(micErrorNotice('boom').code).toBe('mic_failed');
  });
});

it('gives the address that works when the page is not in a secure context', () => {
  expect(insecureContextNotice({ port: '4000', pathname: '/' }).message).toContain('http://localhost:4000/');
});
