import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { expect, it } from 'vitest';
import { linkText, pageFile, pageUrl, rulePage } from './pages.js';
import { RULES } from './rules/index.js';

it('links each rule to a file on this machine, by its absolute path', () => {
  for (const { id } of RULES) {
    const url = pageUrl(rulePage(id), { isPublished: false });
    expect(existsSync(new URL(url)), id).toBe(true);
    expect(isAbsolute(linkText(url))).toBe(true);
  }
});

it('links to the tag of this version once the repository is public', () => {
  const url = pageUrl('doctor/ttft-range.md', { isPublished: true });
  expect(url).toMatch(
    /^https:\/\/github\.com\/firstword\/firstword\/blob\/v\d+\.\d+\.\d+\S*\/docs\/doctor\/ttft-range\.md$/,
  );
  expect(linkText(url)).toBe(url);
});

it('links to the web where the page is not on this machine', () => {
  expect(pageFile('doctor/none.md')).toBeUndefined();
  expect(pageUrl('doctor/none.md', { isPublished: false })).toMatch(/^https:/);
});
