import { turnRecord } from '@firstword/records/testing';
import { ledger, MARKS, type Marks } from '@firstword/turn';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { copyPlan, gapMs, replayPlanOf } from './replay-plan.js';
import { whatIf } from './what-if.js';

/** Any marks on one millisecond grid, in any order, with any of them missing; both ends are there. */
const answered: fc.Arbitrary<Marks> = fc
  .tuple(
    fc.record(Object.fromEntries(MARKS.map((name) => [name, fc.integer({ min: -500, max: 2000 })])), {
      requiredKeys: [],
    }),
    fc.integer({ min: 1, max: 2000 }),
  )
  .map(([marks, gapMs]) => ({ ...marks, callerHeard: undefined, speechEnded: 0, firstAudible: gapMs }));

it('replays a turn without one of its segments with the gain that the ledger reports', () => {
  fc.assert(
    fc.property(answered, (marks) => {
      const recorded = replayPlanOf(marks);
      if (typeof recorded === 'string') throw new Error(recorded);
      for (const { fromMs, toMs, durationMs, gainMs } of ledger(marks).segments) {
        if (gainMs === undefined) continue;
        const plan = copyPlan(recorded);
        const to = MARKS.filter((name) => marks[name] === toMs);
        // The segment's times do not show which of several marks at the same moment it begins at.
        if (to.length !== 1 || MARKS.filter((name) => marks[name] === fromMs).length > 1) continue;
        const needs = plan.dependencies.get(to[0]!)!;
        const work = Math.max(...needs.map(({ lagMs }) => lagMs));
        const shorter = needs.map((need) =>
          need.lagMs === work ? { ...need, lagMs: work - durationMs } : need,
        );
        plan.dependencies.set(to[0]!, shorter);
        expect(gapMs(recorded) - gapMs(plan)).toBe(gainMs);
      }
    }),
    { numRuns: 1000 },
  );
});

it('saves with `warm` what the ledger gains without the connection', () => {
  fc.assert(
    fc.property(answered, fc.nat(300), (marks, connectMs) => {
      const llmRequested = marks.llmRequested ?? 100;
      const record = turnRecord({
        marks: { ...marks, llmRequested, connectionReady: llmRequested + connectMs, firstContent: 700 },
        llm: {
          provider: 'groq',
          model: 'x',
          emulated: true,
          requests: 1,
          connection: { state: 'cold' },
        },
      });
      const connection = record.segments.find(({ name }) => name === 'connection');
      if (!connection || connection.gainMs === undefined || llmRequested < 0) return;
      const { before, after } = whatIf([record], { set: ['warm'] }).gap!.p50;
      expect(before.valueMs - after.valueMs).toBeCloseTo(connection.gainMs, 6);
    }),
    { numRuns: 300 },
  );
});
