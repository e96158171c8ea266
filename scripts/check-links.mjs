// Relative links and anchors of every Markdown page in the repository. Prints each that leads nowhere, and fails.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { encoding: 'utf8' })
  .split('\n')
  .filter((page) => page && existsSync(page));

const withoutCode = (page) => readFileSync(page, 'utf8').replace(/```[\s\S]*?```/g, '');

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (heading) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

const anchorsOf = (page) =>
  new Set([...withoutCode(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading)));

function problemOf(page, link) {
  if (/^(https?|mailto):/.test(link)) return undefined;
  const [path, anchor] = link.split('#');
  const target = path ? join(dirname(page), path) : page;
  if (!existsSync(target)) return 'no such file';
  if (anchor && target.endsWith('.md') && !anchorsOf(target).has(anchor)) return 'no such heading';
  return undefined;
}

let broken = 0;
for (const page of pages) {
  for (const [, link] of withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)) {
    const problem = problemOf(page, link);
    if (!problem) continue;
    broken += 1;
    console.error(`${page}: ${link}: ${problem}`);
  }
}
console.log(`${pages.length} pages, ${broken} broken links`);
process.exitCode = broken > 0 ? 1 : 0;
