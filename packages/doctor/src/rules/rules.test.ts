import { existsSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { evidenceOf } from '../evidence-collector.js';
import { evidence } from '../testing/evidence.js';
import { RULES } from './index.js';

const HERE = new URL('.', import.meta.url);
const DOCS = new URL('../../../../docs/doctor/', HERE);

it('has a file, a test and a page for each rule', () => {
  const files = readdirSync(HERE);
  for (const { id } of RULES) {
    expect(files).toContain(`${id}.ts`);
    expect(files).toContain(`${id}.test.ts`);
    expect(existsSync(new URL(`${id}.md`, DOCS)), id).toBe(true);
  }
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
});

it('finds nothing in healthy calls', () => {
  const found = RULES.flatMap((rule) => rule.examine(evidence(30)));
  expect(found.map(({ rule, verdict }) => `${rule}: ${verdict}`)).toEqual([]);
});

it('finds nothing without turns', () => {
  expect(RULES.flatMap((rule) => rule.examine(evidenceOf([])))).toEqual([]);
});
