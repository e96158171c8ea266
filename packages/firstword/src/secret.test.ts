import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, it, onTestFinished } from 'vitest';
import { COMMANDS } from './commands/index.js';
import { readSecret } from './secret.js';

function fileWith(text: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'firstword-secret-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  writeFileSync(join(dir, 'secret'), text);
  return join(dir, 'secret');
}

it('reads a file, without the line break at its end, or a variable', () => {
  expect(readSecret({ file: fileWith('s3cret \n') })).toBe('s3cret ');
  expect(readSecret({ variable: 'MINE' }, { MINE: 's3cret' })).toBe('s3cret');
  expect(readSecret({})).toBeUndefined();
});

it.each([
  [{ file: '/nowhere/secret' }, /nowhere/],
  [{ variable: 'MINE' }, /MINE is not set/],
])('%o is bad input', (source, message) => {
  expect(() => readSecret(source, {})).toThrow(expect.objectContaining({ code: 'bad_input' }));
  expect(() => readSecret(source, {})).toThrow(message);
});

it('an empty file is bad input', () => {
  expect(() => readSecret({ file: fileWith('\n') })).toThrow(/is empty/);
});

it('no command takes a secret on its command line, where other users can list it', () => {
  const flags = COMMANDS.flatMap(({ define }) =>
    define(new Command()).options.map(({ flags: text }) => text),
  );
  expect(flags.filter((text) => /--\S*(key|secret|token|password)\s/.test(text))).toEqual([
    '--api-key <key>',
    '--api-key <key>',
  ]);
});
