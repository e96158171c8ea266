import { describe, expect, it } from 'vitest';
import { MARKS, type MarkName } from '../marks.js';
import { EDGES } from './edges.js';

function reach(start: MarkName): Set<MarkName> {
  const reached = new Set<MarkName>();
  const visit = (mark: MarkName) => {
    for (const edge of EDGES) {
      if (edge.from !== mark || reached.has(edge.to)) continue;
      reached.add(edge.to);
      visit(edge.to);
    }
  };
  visit(start);
  return reached;
}

describe('the critical-path graph', () => {
  it('has no cycle', () => {
    for (const mark of MARKS) expect(reach(mark).has(mark), mark).toBe(false);
  });

  it('reaches every mark from the last speech sample', () => {
    expect([...reach('speechEnded')].sort()).toEqual(MARKS.filter((m) => m !== 'speechEnded').sort());
  });

  it('has at most one edge between two marks', () => {
    const pairs = EDGES.map((e) => `${e.from} ${e.to}`);
    expect(new Set(pairs).size).toBe(pairs.length);
  });
});
