import { expect, it } from 'vitest';
import { evidence, PATIENT_MARKS } from '../testing/evidence.js';
import { fillerOverFastTool } from './filler-over-fast-tool.js';

const turn = (toolMs: number) => ({
  marks: PATIENT_MARKS,
  toolCalls: 1,
  tools: [{ name: 'look_up', startedMs: 1_500, endedMs: 1_500 + toolMs }],
  afterTools: [{ requestedMs: 1_510 + toolMs, firstContentMs: 1_700 + toolMs }],
  speech: [
    { fromMs: 1_590, toMs: 2_800, isFiller: true },
    { fromMs: 2_900 + toolMs, toMs: 4_000 + toolMs },
  ],
});

it('finds a filler that the answer of a fast tool waits for', () => {
  const [found] = fillerOverFastTool.examine(evidence(10, () => turn(300)));
  expect(found!.saving!.meanMs).toBeCloseTo(800);
  expect(found!.verdict).toContain('waits 800 ms');
});

it('finds nothing over a slow tool, nor without a filler', () => {
  expect(fillerOverFastTool.examine(evidence(10, () => turn(2_000)))).toEqual([]);
  const { speech, ...rest } = turn(300);
  const plain = { ...rest, speech: speech.slice(1) };
  expect(fillerOverFastTool.examine(evidence(10, () => plain))).toEqual([]);
});
