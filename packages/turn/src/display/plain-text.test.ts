import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainLines, plainText } from './plain-text.js';

it.each([
  ['a\u001b[31mred', 'a�[31mred', 'a�[31mred'],
  ['one\ntwo\tthree\r', 'one�two�three�', 'one\ntwo\tthree�'],
  ['\u009b2Jx\u0007', '�2Jx�', '�2Jx�'],
  ['abc\u202etxt.exe', 'abc�txt.exe', 'abc�txt.exe'],
  ['नमस्ते, 你好', 'नमस्ते, 你好', 'नमस्ते, 你好'],
])('%j', (text, line, lines) => {
  expect(plainText(text)).toBe(line);
  expect(plainLines(text)).toBe(lines);
});

it('leaves no control character in any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(plainText(text)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(plainLines(text).replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }),
  );
});
