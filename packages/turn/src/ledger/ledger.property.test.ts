import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MARKS, MAX_MARK_MS, type MarkName, type Marks, seenMarks } from '../marks.js';
import { EDGES } from './edges.js';
import { gainWithout, type Ledger, ledger, type Segment } from './ledger.js';

const microseconds = (ms: number) => Math.round(ms * 1000);

/** Times close together, so that ties and swapped orders are common, and sometimes any number at all. */
const time = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -20, max: 20 }).map((n) => n / 4) },
  { weight: 4, arbitrary: fc.double({ min: -5000, max: 5000, noNaN: true }) },
  { weight: 1, arbitrary: fc.double({ min: -MAX_MARK_MS, max: MAX_MARK_MS, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, Number.MAX_VALUE, -0) },
);
const anyMarks: fc.Arbitrary<Marks> = fc
  .record(Object.fromEntries(MARKS.map((name) => [name, time])), { requiredKeys: [] })
  .map((marks) => marks as Marks);
/** The same, with both ends recorded in order, so that there is a felt gap. */
const answeredMarks = fc
  .tuple(anyMarks, fc.double({ min: 0, max: 5000, noNaN: true }), fc.boolean())
  .map(([marks, gapMs, heard]): Marks => {
    const endMs = 0.4 + gapMs;
    const { callerHeard: _, ...rest } = marks;
    return { ...rest, speechEnded: 0.4, ...(heard ? { callerHeard: endMs } : { firstAudible: endMs }) };
  });

function holds(arbitrary: fc.Arbitrary<Marks>, check: (marks: Marks, found: Ledger) => void) {
  fc.assert(
    fc.property(arbitrary, (marks) => check(marks, ledger(marks))),
    { numRuns: 1000 },
  );
}

const endOf = (seen: Map<MarkName, number>) => seen.get('callerHeard') ?? seen.get('firstAudible');
const overlap = (a: Segment, b: Segment) => Math.min(a.toMs, b.toMs) - Math.max(a.fromMs, b.fromMs);

describe('the ledger of any marks, in any order, with any of them missing', () => {
  it('has a felt gap exactly if both ends were recorded in order, and otherwise a problem', () => {
    holds(anyMarks, (marks, found) => {
      const seen = seenMarks(marks);
      const [startMs, endMs] = [seen.get('speechEnded'), endOf(seen)];
      const answered = startMs !== undefined && endMs !== undefined && endMs >= startMs;
      expect(found.feltGapMs !== undefined).toBe(answered);
      expect(found.problem === undefined).toBe(answered);
      if (!answered) expect([...found.segments, ...found.hidden]).toEqual([]);
    });
  });

  it('sums to the felt gap exactly, to the microsecond', () => {
    holds(answeredMarks, (_, found) => {
      const sum = found.segments.reduce((total, s) => total + microseconds(s.durationMs), 0);
      expect(sum).toBe(microseconds(found.feltGapMs!));
    });
  });

  it('has positive, contiguous segments from the last speech sample to the first audible one', () => {
    holds(answeredMarks, (marks, found) => {
      const seen = seenMarks(marks);
      let atMs = seen.get('speechEnded')!;
      for (const s of found.segments) {
        expect(s.fromMs).toBe(atMs);
        expect(s.toMs).toBeGreaterThan(s.fromMs);
        expect(microseconds(s.durationMs)).toBe(microseconds(s.toMs) - microseconds(s.fromMs));
        atMs = s.toMs;
      }
      expect(atMs).toBe(endOf(seen));
    });
  });

  it('has only recorded marks as boundaries', () => {
    holds(answeredMarks, (marks, found) => {
      const times = new Set(seenMarks(marks).values());
      for (const s of [...found.segments, ...found.hidden]) {
        expect(times.has(s.fromMs)).toBe(true);
        expect(times.has(s.toMs)).toBe(true);
      }
    });
  });

  it('names an owner only if both ends of the edge were recorded', () => {
    holds(answeredMarks, (marks, found) => {
      const seen = seenMarks(marks);
      const startMs = seen.get('speechEnded')!;
      for (const s of found.segments.filter((one) => one.owner.kind !== 'unaccounted')) {
        const joined = EDGES.some(
          (e) =>
            e.name === s.name &&
            Math.max(startMs, seen.get(e.from) ?? Number.NaN) === s.fromMs &&
            seen.get(e.to) === s.toMs,
        );
        expect(joined, s.name).toBe(true);
      }
    });
  });

  it('never lists the same work twice, and none after the first audible sample', () => {
    holds(answeredMarks, (marks, found) => {
      const endMs = endOf(seenMarks(marks))!;
      const all = [...found.segments, ...found.hidden];
      for (const [i, a] of all.entries()) {
        expect(a.toMs).toBeLessThanOrEqual(endMs);
        for (const b of all.slice(i + 1)) {
          if (a.name === b.name) expect(overlap(a, b), a.name).toBeLessThanOrEqual(0);
        }
      }
    });
  });

  it('never gains more without a segment than its length', () => {
    holds(answeredMarks, (_, found) => {
      for (const { gainMs, durationMs } of found.segments) {
        if (gainMs === undefined) continue;
        expect(gainMs).toBeGreaterThanOrEqual(0);
        expect(gainMs).toBeLessThanOrEqual(durationMs);
      }
      for (const { gainMs } of found.hidden) expect(gainMs).toBeUndefined();
    });
  });

  it('gains at least as much without several segments as without one of them', () => {
    holds(answeredMarks, (marks, found) => {
      const all = gainWithout(
        marks,
        [...found.segments, ...found.hidden].map(({ name }) => name),
      );
      if (all === undefined) return;
      for (const { gainMs = 0 } of found.segments) expect(gainMs).toBeLessThanOrEqual(all);
      expect(all).toBeLessThanOrEqual(found.feltGapMs ?? 0);
    });
  });

  it('lists exactly the marks without a valid time as missing', () => {
    holds(anyMarks, (marks, found) => {
      const usable = (name: MarkName) => Math.abs(marks[name] ?? Number.NaN) <= MAX_MARK_MS;
      expect(found.missing).toEqual(MARKS.filter((name) => !usable(name)));
    });
  });

  it('does not depend on the origin of the clock', () => {
    fc.assert(
      fc.property(answeredMarks, fc.integer({ min: -1e6, max: 1e6 }), (marks, shiftMs) => {
        const near = Object.entries(marks).filter(([, ms]) => Math.abs(ms!) <= 1e6);
        const gridded = near.map(([name, ms]) => [name, Math.round(ms! * 4) / 4] as const);
        const before = ledger(Object.fromEntries(gridded));
        const after = ledger(Object.fromEntries(gridded.map(([name, ms]) => [name, ms + shiftMs])));
        const shape = (l: Ledger) => [...l.segments, ...l.hidden].map((s) => [s.name, s.durationMs]);
        expect(shape(after)).toEqual(shape(before));
      }),
    );
  });
});
