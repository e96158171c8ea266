import { expect, it } from 'vitest';
import { soakPlot } from './plot.js';
import type { SoakFile } from './soak-file.js';
import { renderSoak, withFigures } from './table.js';
import { isFlat, slope, trendsOf } from './trend.js';

/** A run in which the STT process grows by `mbPerMinute` after the warm-up, and by 20 MB a minute before. */
function run(options: { minutes: number; mbPerMinute?: number; descriptorsPerMinute?: number }): SoakFile {
  const { minutes, mbPerMinute = 0, descriptorsPerMinute = 0 } = options;
  const samples = Array.from({ length: minutes * 6 }, (_, i) => {
    const minute = i / 6;
    const residentMb = minute < 15 ? 100 + 20 * minute : 400 + mbPerMinute * (minute - 15) + (i % 2);
    return {
      minute,
      load: 1,
      heap: { heapUsedMb: 50, externalMb: 10, calls: i, turns: 9 * i, lost: 0 },
      processes: {
        calls: { descriptors: Math.floor(100 + descriptorsPerMinute * minute), residentMb: 700 },
        stt: { descriptors: 20, residentMb },
      },
    };
  });
  const about = { startedAt: '2026-01-01T00:00:00Z', plannedMinutes: minutes, node: 'v20.19.0', cores: 2 };
  return { type: 'firstword.soak', ...about, restarts: [], samples };
}

it('fits a line through points', () => {
  expect(slope([3, 5, 7].map((y, x) => ({ x, y })))).toBe(2);
  expect(slope([{ x: 1, y: 5 }])).toBe(0);
});

it('counts only what follows the warm-up', () => {
  const file = run({ minutes: 60 });
  expect(trendsOf(file).map(({ flat }) => flat)).toEqual([true, true, true, true]);
  expect(isFlat(file)).toBe(true);
});

it.each([
  ['memory', { mbPerMinute: 0.3 }, 'stt', 'residentMb'],
  ['descriptors', { descriptorsPerMinute: 0.1 }, 'calls', 'descriptors'],
])('names the process whose %s grow', (_, growth, process, figure) => {
  const file = run({ minutes: 60, ...growth });
  expect(trendsOf(file).filter(({ flat }) => !flat)).toMatchObject([{ process, figure }]);
  expect(renderSoak(file)).toContain('Not flat.');
});

it('does not pass a short run, nor one in which a process was replaced', () => {
  expect(isFlat(run({ minutes: 15 }))).toBe(false);
  expect(isFlat({ ...run({ minutes: 60 }), restarts: [20] })).toBe(false);
});

it('draws every sample', () => {
  const svg = soakPlot(run({ minutes: 60 }));
  expect(svg.match(/<polyline/g)).toHaveLength(4);
  expect(svg).not.toContain('NaN');
});

it('replaces the figures of a page', () => {
  const page = '# Soak\n\n<!-- figures -->\nold $1\n<!-- end -->\n\nMore.\n';
  expect(withFigures(page, 'new $1')).toBe('# Soak\n\n<!-- figures -->\nnew $1\n<!-- end -->\n\nMore.\n');
  expect(() => withFigures('# Soak', 'new')).toThrow(expect.objectContaining({ code: 'bad_input' }));
});
