import { beforeAll, expect, it } from 'vitest';
import { snippetErrors } from './support/check-snippets.js';
import { doctorSnippets, type Snippet } from './support/snippet-sources.js';

/** Snippets with one mistake each, to show that the check finds it: the code, and what the error names. */
const WRONG: [what: string, code: string, named: string][] = [
  ['a function', 'override ttsNode(t, s) { return cutAt(t); }', "Cannot find name 'cutAt'"],
  ['an option', 'router({ models, hegde: { budget: 0.1 } })', 'hegde'],
  ['a lever', 'new AgentSession({ stt, llm, tts, firstword: { levers: { warp: true } } })', 'warp'],
  ['an import', "import { lintPrefixes } from '@firstword/llm';", 'lintPrefixes'],
  ['an option of a plugin', "new deepgram.STT({ modle: 'nova-3' })", 'modle'],
  ['an option of LiveKit', 'turnHandling: { endpointing: { leastDelay: 0 } }', 'leastDelay'],
];

let snippets: Snippet[];
let errors: string[];

// One type check for all: the declarations of LiveKit and of the packages take most of the time.
beforeAll(() => {
  snippets = doctorSnippets();
  errors = snippetErrors([...snippets, ...WRONG.map(([what, code]) => ({ place: `wrong: ${what}`, code }))]);
}, 240_000);

it('compiles every snippet of the doctor against what the packages export', () => {
  expect(snippets.length).toBeGreaterThan(80);
  expect(errors.filter((error) => !error.startsWith('wrong: '))).toEqual([]);
});

it.each(WRONG)('finds %s that does not exist', (what, _, named) => {
  expect(errors.filter((error) => error.startsWith(`wrong: ${what}: `)).join('\n')).toContain(named);
});
