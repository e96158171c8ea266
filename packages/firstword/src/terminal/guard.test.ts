import { expect, it } from 'vitest';
import { guarded } from './guard.js';

const EVIL = 'a\u001b[2J\u001b]0;title\u0007\u009b1A\u0008\rb\u202ec';

it('lets no control character through to a file or a pipe', () => {
  expect(guarded(`${EVIL}\n\tx`, { styled: false })).toBe('a�[2J�]0;title��1A��b�c\n\tx');
  expect(guarded('\u001b[1mbold\u001b[22m', { styled: false })).toBe('�[1mbold�[22m');
});

it('keeps the styles, the links and the status line of the command on a terminal', () => {
  const own = '\r\u001b[2K\u001b[1mbold\u001b[22m \u001b]8;;https://a.example\u0007link\u001b]8;;\u0007\n';
  expect(guarded(own, { styled: true })).toBe(own);
  expect(guarded(`\u001b[1m${EVIL}\u001b[22m`, { styled: true })).toBe(
    '\u001b[1ma�[2J�]0;title��1A��b�c\u001b[22m',
  );
});
