import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  axisLabels,
  endLabels,
  LABEL_FONT,
  LABEL_GAP,
  labelExtent,
  labelWidth,
  tickTexts,
} from './label-layout.js';
import { scaleOf } from './scale.js';

const ranges = fc.record({
  values: fc.array(fc.double({ min: -1e7, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 5 }),
  from: fc.integer({ min: 0, max: 60 }),
  width: fc.integer({ min: 40, max: 900 }),
  ticks: fc.integer({ min: 1, max: 12 }),
  unit: fc.constantFrom('ms', 's', 'tokens'),
});

describe('the labels of an axis', () => {
  it('never overlap, whatever the range and the width', () => {
    fc.assert(
      fc.property(ranges, ({ values, from, width, ticks, unit }) => {
        const x = scaleOf(values, { from, to: from + width, ticks });
        const labels = axisLabels(x.ticks, x, { unit, edges: { from: 0, to: from + width } });
        for (const [i, label] of labels.slice(1).entries())
          expect(labelExtent(label).from - labelExtent(labels[i]!).to).toBeGreaterThanOrEqual(LABEL_GAP);
        for (const label of labels) expect(labelExtent(label).from).toBeGreaterThanOrEqual(-1e-9);
      }),
      { numRuns: 500 },
    );
  });

  it('always include the last tick, with the unit, and name each tick differently', () => {
    fc.assert(
      fc.property(ranges, ({ values, from, width, ticks, unit }) => {
        const x = scaleOf(values, { from, to: from + width, ticks });
        const labels = axisLabels(x.ticks, x, { unit, edges: { from: 0, to: from + width } });
        expect(labels.at(-1)!.tick).toBe(x.ticks.length - 1);
        expect(labels.at(-1)!.text.endsWith(` ${unit}`)).toBe(true);
        expect(new Set(tickTexts(x.ticks)).size).toBe(x.ticks.length);
      }),
    );
  });

  it('leave out the one before the last where the unit takes its room', () => {
    const x = scaleOf([0, 5800], { from: 44, to: 448, ticks: 6 });
    const texts = axisLabels(x.ticks, x, { unit: 'ms', edges: { from: 0, to: 460 } }).map(({ text }) => text);
    expect(texts).toEqual(['0', '1000', '2000', '3000', '4000', '6000 ms']);
  });

  it('have the decimals that their step needs', () => {
    expect(tickTexts([0, 0.5, 1])).toEqual(['0', '0.5', '1.0']);
    expect(tickTexts([-400, -200, -0, 200])).toEqual(['−400', '−200', '0', '200']);
    expect(tickTexts([0, 0.2, 0.4, 0.6000000000000001])).toEqual(['0', '0.2', '0.4', '0.6']);
  });
});

it('estimates no label narrower than Verdana, one of the widest fonts, draws it', () => {
  // Advance widths of Verdana, in units of the font size.
  const verdana: Record<string, number> = {
    ' ': 0.352,
    '.': 0.364,
    '−': 0.818,
    m: 0.973,
    s: 0.521,
    '%': 1.076,
  };
  for (const text of ['0', '1000', '−400', '12000 ms', '1.5 s']) {
    const drawn = [...text].reduce((em, sign) => em + (verdana[sign] ?? 0.636), 0) * LABEL_FONT;
    expect(labelWidth(text), text).toBeGreaterThanOrEqual(drawn);
  }
});

it('keeps the labels at the ends of curves apart, in order and in the plot', () => {
  const edges = { top: 12, bottom: 204 };
  const heights = fc.array(fc.double({ min: 8, max: 204, noNaN: true }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(heights, (curves) => {
      const placed = endLabels(
        curves.toSorted((a, b) => a - b),
        edges,
      );
      for (const [i, y] of placed.slice(1).entries())
        expect(y - placed[i]!).toBeGreaterThanOrEqual(LABEL_FONT - 1e-9);
      expect(placed[0]).toBeGreaterThanOrEqual(edges.top);
      expect(placed.at(-1)).toBeLessThanOrEqual(edges.bottom);
    }),
  );
  expect(endLabels([40, 150], edges)).toEqual([44, 154]);
  expect(endLabels([100, 103], edges)).toEqual([104, 118]);
  expect(endLabels([198, 204], edges)).toEqual([190, 204]);
});
