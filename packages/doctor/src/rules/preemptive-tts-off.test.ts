import { expect, it } from 'vitest';
import { evidence, HEALTHY_MARKS, LEVERS_ON } from '../testing/evidence.js';
import { preemptiveTtsOff } from './preemptive-tts-off.js';

const HELD = {
  ...HEALTHY_MARKS,
  firstClause: 1301,
  ttsRequested: 1302,
  ttsFirstByte: 1500,
  framePublished: 1510,
  firstAudible: 1530,
};

it('finds it and estimates the saving', () => {
  const [found] = preemptiveTtsOff.examine(
    evidence(10, () => ({ levers: { ...LEVERS_ON, preemptiveTts: false }, marks: HELD })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(110);
  expect(found!.saving!.meanMs).toBeLessThan(125);
  expect(found!.verdict).toContain('119 ms before the commit');
});

it('finds nothing where the TTS audio was ready', () => {
  expect(preemptiveTtsOff.examine(evidence(10))).toEqual([]);
});
