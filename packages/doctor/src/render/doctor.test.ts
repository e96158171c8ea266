import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { diagnose } from '../diagnose.js';
import { examineText } from '../read/examine.js';
import { diagnosisMarkdown } from './doctor-markdown.js';
import { renderDiagnosis, wrap } from './doctor-text.js';
import { findingsHtml } from './findings-html.js';

const FORUM = readFileSync(
  new URL('../../../records/src/testing/livekit/forum.jsonl', import.meta.url),
  'utf8',
);
const diagnosis = diagnose(examineText(FORUM));

it('diagnoses a line posted in a forum: the verdict first, then what to change and what to log', () => {
  const text = renderDiagnosis(diagnosis, { widthColumns: 80 });
  const [first] = text.split('\n');
  expect(first).toBe(' 2,438 ms of silence: 54 % LLM, 34 % before the reply.');
  expect(text).toContain('831 ms');
  expect(text).toContain('1  First token outside its range');
  expect(text).toContain('log next');
  expect(text).toContain('Read 1 line of LiveKit chat history.');
  expect(text).not.toMatch(/NaN|undefined|आवाज़/);
});

it('shows everything with --all and in Markdown, without transcripts', () => {
  for (const text of [renderDiagnosis(diagnosis, { all: true }), diagnosisMarkdown(diagnosis)]) {
    for (const { title, check } of diagnosis.findings) {
      expect(text).toContain(title.slice(0, 20));
      expect(text.replace(/\s+/g, ' ')).toContain(check.slice(0, 30));
    }
    expect(text).not.toMatch(/आवाज़|NaN|undefined/);
  }
});

it('fits the screen where possible, and shows more on a higher screen', () => {
  const rows = (text: string) =>
    text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 80)), 0);
  const [usual, high] = [renderDiagnosis(diagnosis), renderDiagnosis(diagnosis, { heightRows: 90 })];
  expect(rows(usual)).toBeLessThanOrEqual(60);
  expect(rows(high)).toBeGreaterThan(rows(usual));
  expect(rows(high)).toBeLessThanOrEqual(90);
});

/** The pages that a text links to, as URLs: absolute paths, and names below the folder that `pages in` names. */
function pagesIn(text: string): string[] {
  const whole = [...text.matchAll(/^ +(?:page +)?(\/\S+\.md)$/gm)].map(([, path]) => path!);
  const [, folder = '', names = ''] = /pages in (\S+)\n((?: {7}\S.*\n)+)/.exec(text) ?? [];
  return [...whole, ...(names.match(/\S+/g) ?? []).map((name) => `${folder}${name}`)].map(
    (path) => pathToFileURL(path).href,
  );
}

it('links to the page of each finding, and each link resolves', () => {
  const wanted = diagnosis.findings.map(({ docs }) => docs).sort();
  for (const text of [
    renderDiagnosis(diagnosis),
    renderDiagnosis(diagnosis, { heightRows: 20 }),
    renderDiagnosis(diagnosis, { heightRows: 90 }),
    renderDiagnosis(diagnosis, { all: true }),
  ])
    expect(pagesIn(text).sort()).toEqual(wanted);
  for (const url of wanted) expect(existsSync(new URL(url)), url).toBe(true);
});

it('writes hyperlinks for a terminal with colour, and breaks none', () => {
  const text = renderDiagnosis(diagnosis, { colour: true });
  const links = text.split('\u001B]8;;').map((piece) => piece.split('\u0007')[0]);
  expect(links).toEqual(expect.arrayContaining(diagnosis.findings.map(({ docs }) => docs)));
  expect(stripVTControlCharacters(text)).toBe(renderDiagnosis(diagnosis));
});

it('links to the web only in Markdown and HTML: a path of this machine works nowhere else', () => {
  for (const text of [diagnosisMarkdown(diagnosis), findingsHtml(diagnosis).text]) {
    for (const { rule } of diagnosis.findings)
      expect(text).toContain(`npx firstword doctor --explain ${rule}`);
    expect(text).not.toMatch(/file:|docs\/doctor/);
  }
  const docs = 'https://example.com/docs/doctor/x.md';
  const findings = diagnosis.findings.map((finding) => ({ ...finding, docs }));
  expect(diagnosisMarkdown({ ...diagnosis, findings })).toContain(`](${docs}), or \`npx firstword`);
  expect(findingsHtml({ ...diagnosis, findings }).text).toContain(`href="${docs}"`);
});

it('shows code in a report as code', () => {
  const text = findingsHtml(diagnosis).text;
  expect(text).toContain('<pre><code>');
  expect(text).not.toContain('`');
});

it('wraps at spaces, and does not break longer words', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('abcdefghij k', 4)).toEqual(['abcdefghij', 'k']);
});
