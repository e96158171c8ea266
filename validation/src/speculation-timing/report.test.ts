import { expect, it } from 'vitest';
import type { HeardLine } from './hear.js';
import { renderStarts, startsReport } from './report.js';

const heard = (line: string, starts: [number, string][], final: string): HeardLine => ({
  line,
  ears: 'vad 60 ms',
  speculations: starts.map(([atMs, words]) => ({ atMs, words })),
  finals: [{ atMs: 300, words: final }],
});

it('takes the start that the last words keep, however they are written, and counts the others', () => {
  const lines = [
    heard(
      'a/1',
      [
        [-900, 'A table'],
        [150, 'a table for two'],
      ],
      'A table for two.',
    ),
    heard('a/2', [[170, 'Hello.']], 'Hello.'),
    heard('a/3', [[180, 'Good by']], 'Goodbye.'),
  ];
  const [report] = startsReport(lines);
  expect(report).toMatchObject({ lines: 3, startedEarly: 2, startP50Ms: 160 });
  expect(report!.superseded).toBeCloseTo(2 / 3);
  expect(report!.lost).toEqual([
    { line: 'a/1', atMs: -900, words: 'A table', by: { atMs: 150, words: 'a table for two' } },
    { line: 'a/3', atMs: 180, words: 'Good by', by: { atMs: 300, words: 'Goodbye.' } },
  ]);
  expect(renderStarts([report!])).toMatch(/vad 60 ms +2 of 3 +160/);
});

it('does not take a start after the final for an early one', () => {
  const [report] = startsReport([heard('a/1', [[400, 'Hello.']], 'Hello.')]);
  expect(report).toMatchObject({ startedEarly: 0, superseded: 1 });
  expect('startP50Ms' in report!).toBe(false);
});
