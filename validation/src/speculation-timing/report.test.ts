import { expect, it } from 'vitest';
import { renderTimingReport, timingReport } from './report.js';
import type { TracedLine } from './trace-lines.js';

const traced = (line: string, speculations: [number, string][], final: string): TracedLine => ({
  line,
  variant: 'vad 60 ms',
  speculations: speculations.map(([atMs, words]) => ({ atMs, words })),
  finals: [{ atMs: 300, words: final }],
});

it('finds the speculation with the final words, ignoring formatting, and counts the superseded ones', () => {
  const lines = [
    traced(
      'a/1',
      [
        [-900, 'A table'],
        [150, 'a table for two'],
      ],
      'A table for two.',
    ),
    traced('a/2', [[170, 'Hello.']], 'Hello.'),
    traced('a/3', [[180, 'Good by']], 'Goodbye.'),
  ];
  const [report] = timingReport(lines);
  expect(report).toMatchObject({ lines: 3, speculatedLines: 2, speculationP50Ms: 160 });
  expect(report!.superseded).toBeCloseTo(2 / 3);
  expect(report!.supersededList).toEqual([
    { line: 'a/1', atMs: -900, words: 'A table', by: { atMs: 150, words: 'a table for two' } },
    { line: 'a/3', atMs: 180, words: 'Good by', by: { atMs: 300, words: 'Goodbye.' } },
  ]);
  expect(renderTimingReport([report!])).toMatch(/vad 60 ms +2 of 3 +160/);
});

it('does not count a speculation after the final transcript', () => {
  const [report] = timingReport([traced('a/1', [[400, 'Hello.']], 'Hello.')]);
  expect(report).toMatchObject({ speculatedLines: 0, superseded: 1 });
  expect('speculationP50Ms' in report!).toBe(false);
});
