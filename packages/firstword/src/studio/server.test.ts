import { existsSync } from 'node:fs';
import { RULES } from '@firstword/doctor';
import { rulePage } from '@firstword/doctor/pages';
import { expect, it } from 'vitest';
import { docsFile } from './server.js';

it('serves the page of each rule, and no other file', () => {
  for (const { id } of RULES) {
    const file = docsFile(`/docs/${rulePage(id)}`);
    expect(file && existsSync(file), id).toBe(true);
  }
  for (const path of [undefined, '/', '/docs/', '/docs/doctor/none.md', '/docs/doctor/../../package.json'])
    expect(docsFile(path)).toBeUndefined();
  expect(docsFile('/docs/doctor/%2e%2e/%2e%2e/package.json')).toBeUndefined();
});
