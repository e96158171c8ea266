import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { diagnose } from '../diagnose.js';
import { examineText } from '../read/examine.js';
import { diagnosisMarkdown } from './doctor-markdown.js';
import { renderDiagnosis, wrap } from './doctor-text.js';

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

it('names the page of each finding in every output format', () => {
  for (const text of [
    renderDiagnosis(diagnosis),
    renderDiagnosis(diagnosis, { all: true }),
    diagnosisMarkdown(diagnosis),
  ])
    for (const { rule } of diagnosis.findings) expect(text).toContain(`docs/doctor/${rule}.md`);
});

it('wraps at spaces, and does not break longer words', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('abcdefghij k', 4)).toEqual(['abcdefghij', 'k']);
});
