import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SPEECH_FAULT_KINDS } from '@firstword/emulator/speech';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { emulate } from './define.js';
import { llmFaults } from './faults.js';
import { speechFaults } from './speech-faults.js';

const { parse: parseFault, readPlan: readFaultPlan, kinds: FAULT_KINDS } = llmFaults;

function file(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'faults-')), 'plan.json');
  writeFileSync(path, text);
  return path;
}

describe('faults of the emulate command', () => {
  it.each([
    ['no-headers', { fault: { kind: 'no-headers' } }],
    ['straggler:5000@0.01', { fault: { kind: 'straggler', delayMs: 5000 }, probability: 0.01 }],
    ['http-error:503', { fault: { kind: 'http-error', status: 503 } }],
    ['stall@0.5', { fault: { kind: 'stall' }, probability: 0.5 }],
  ])('reads %s', (text, rule) => {
    expect(parseFault(text)).toEqual(rule);
  });

  it.each(['', 'nonsense', 'straggler', 'http-error:200', 'no-headers:5', 'stall@2', 'constructor'])(
    'rejects %j',
    (text) => {
      expect(() => parseFault(text)).toThrow();
    },
  );

  it('lists the kinds in the error', () => {
    expect(() => parseFault('nonsense')).toThrow(FAULT_KINDS.at(-1)!);
  });

  it('reads a plan from a file', () => {
    const plan = { rules: [{ fault: { kind: 'reset', afterPieces: 3 }, every: 10 }] };
    expect(readFaultPlan(file(JSON.stringify(plan)))).toEqual(plan);
  });

  it.each([
    '',
    '{}',
    '{"rules":[{"fault":{"kind":"nope"}}]}',
    '{"rules":[{"fault":{"kind":"stall"},"evry":2}]}',
  ])('rejects the plan %j and names the file', (text) => {
    const path = file(text);
    expect(() => readFaultPlan(path)).toThrow(path);
  });

  it('are all listed by --help', () => {
    let help = '';
    const command = emulate.define(new Command()).configureOutput({ writeOut: (text) => (help += text) });
    command.outputHelp();
    for (const kind of [...FAULT_KINDS, ...speechFaults.kinds]) {
      expect(help).toMatch(new RegExp(`^  ${kind}[:[ ]`, 'm'));
    }
  });

  it('reads those of speech services', () => {
    expect(speechFaults.parse('final-late:2000@0.1')).toEqual({
      fault: { kind: 'final-late', delayMs: 2000 },
      probability: 0.1,
    });
    expect(() => speechFaults.parse('final-late')).toThrow('delayMs');
    const plan = {
      rules: [{ fault: { kind: 'http-error', status: 429 }, service: 'deepgram-stt', nth: [2] }],
    };
    expect(speechFaults.readPlan(file(JSON.stringify(plan)))).toEqual(plan);
    expect([...speechFaults.kinds].sort()).toEqual([...SPEECH_FAULT_KINDS].sort());
  });
});
