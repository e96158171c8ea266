import { WHAT_IF_CHANGES } from '@firstword/doctor';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { whatIf } from './define.js';

it('lists exactly the existing levers in its help', () => {
  let help = '';
  const command = whatIf.define(new Command()).configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  const listed = help
    .split('Changes:')[1]!
    .split('\n\n')[0]!
    .match(/^ {2}[a-z-]+/gm)!;
  expect(listed.map((name) => name.trim()).sort()).toEqual(WHAT_IF_CHANGES.map(({ name }) => name).sort());
});
