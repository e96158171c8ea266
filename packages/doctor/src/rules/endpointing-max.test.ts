import { expect, it } from 'vitest';
import { evidence, turnEndedAfter } from '../testing/evidence.js';
import { endpointingMax } from './endpointing-max.js';

it('distinguishes two modes, and says what a lower maximum would save', () => {
  const [found] = endpointingMax.examine(
    evidence(12, (at) => turnEndedAfter(at % 2 === 0 ? 550 : 3010 + at)),
  );
  expect(found!.verdict).toContain('two modes: 550 ms in 6 turns, and 3,016 ms in 6');
  expect(found!.saving!.meanMs).toBeGreaterThan(880);
  expect(found!.saving!.meanMs).toBeLessThan(930);
  expect(found!.fix.livekit.code).toContain('maxDelay');
  expect(found!.fix.livekit.python).toContain('"max_delay"');
});

it('finds a maximum that a user has set, because it is constant', () => {
  const [found] = endpointingMax.examine(
    evidence(10, (at) => turnEndedAfter(at % 2 === 0 ? 540 : 1510 + at)),
  );
  expect(found!.verdict).toContain('1,515 ms in 5');
});

it('finds it where every turn ends there', () => {
  const [found] = endpointingMax.examine(evidence(8, () => turnEndedAfter(3020)));
  expect(found!.verdict).toContain('In all 8 turns');
});

it('names the value that a trace has', () => {
  const settings = { 'endpointing.bound': 'endpointing.maxDelay', 'endpointing.maxDelay': 3000 };
  const [found] = endpointingMax.examine(evidence(6, () => ({ ...turnEndedAfter(3020), settings })));
  expect(found!.verdict).toContain('`maxDelay` = 3,000 ms');
  expect(found!.confidence.value).toBeGreaterThan(0.8);
});

it('finds nothing in a raised minimum, or in commits that vary', () => {
  expect(endpointingMax.examine(evidence(8, () => turnEndedAfter(1220)))).toEqual([]);
  expect(endpointingMax.examine(evidence(8, (at) => turnEndedAfter(900 + at * 60)))).toEqual([]);
  expect(endpointingMax.examine(evidence(10))).toEqual([]);
});
