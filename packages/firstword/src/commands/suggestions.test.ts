import { armsOf, callsOf } from '@firstword/calls';
import { parseSetting } from '@firstword/doctor';
import { parseTarget } from '@firstword/provider-bench';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LlmRegistry } from '../llm/registry.js';
import { run } from '../main.js';
import { setupOf } from './compare/setups.js';
import { explain } from './doctor/explain.js';
import { llmFaults } from './emulate/faults.js';

/** Every place where a command takes a name, with a misspelt one and the one that was meant. */
const MISSPELT: [command: string, wanted: string, lookUp: () => unknown][] = [
  ['what-if --set', 'speculation', () => parseSetting('speculaton=0.8')],
  ['compare --setup', 'mini-backup', () => setupOf('mini-bakup')],
  ['compare --arms', 'firstword', () => armsOf('livekit,firstwrod')],
  ['compare --arms', 'only-speculation', () => armsOf('only-speculatin')],
  ['compare --calls', 'hours', () => callsOf('houres')],
  ['doctor --explain', 'ttft-range', () => explain('ttft-rnge')],
  ['emulate --fault', 'straggler', () => llmFaults.parse('stragler:5000@0.01')],
  ['emulate --fault', 'hang-up', () => llmFaults.parse('hangup')],
  ['studio --profile', 'gpt-4o-mini', () => new LlmRegistry({ seed: 1 }).choice('gpt4o-mini')],
  ['bench', 'groq', () => parseTarget('grok:openai/gpt-oss-120b')],
  ['bench', 'gpt-4o-mini', () => parseTarget('emulated:gpt-4o-min')],
];

it.each(MISSPELT)('%s suggests %s', async (_, wanted, lookUp) => {
  const found = (async () => lookUp())();
  await expect(found).rejects.toMatchObject({ code: 'bad_input' });
  await expect(found).rejects.toThrow(new RegExp(`Did you mean (\\S+ or )*${wanted}( or \\S+)*\\?`));
});

let printed: string;
beforeEach(() => {
  printed = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

it.each([
  [['docter'], 'doctor'],
  [['demo', '--turnz', '3'], '--turns'],
])('suggests commands and options: %j', async (args, wanted) => {
  await run(args);
  expect(printed).toContain(`Did you mean ${wanted}?`);
  expect(process.exitCode).toBe(2);
});
