import { expect, it } from 'vitest';
import { evidence, PATIENT_MARKS } from '../testing/evidence.js';
import { toolSilence } from './tool-silence.js';

/** Words at 1,590, a tool until 5,000, and the answer at 5,500. */
const spoken = (wordsEndMs: number) => ({
  marks: PATIENT_MARKS,
  toolCalls: 1,
  tools: [{ name: 'look_up', startedMs: 1_500, endedMs: 5_000 }],
  afterTools: [{ requestedMs: 5_010, firstContentMs: 5_300 }],
  speech: [
    { fromMs: 1_590, toMs: wordsEndMs },
    { fromMs: 5_500, toMs: 6_500 },
  ],
});

it('finds a silence after the agent’s words, and estimates the saving', () => {
  const [found] = toolSilence.examine(evidence(10, () => spoken(2_500)));
  expect(found!.saving!.meanMs).toBeCloseTo(3_000 - 900);
  expect(found!.savingOf).toBe('tool');
  expect(found!.verdict).toContain('3,000 ms while look_up runs');
});

it('finds nothing if the words last, if there were none, or without tools', () => {
  expect(toolSilence.examine(evidence(10, () => spoken(4_800)))).toEqual([]);
  const silent = { ...spoken(2_500), speech: [{ fromMs: 5_500, toMs: 6_500 }] };
  expect(toolSilence.examine(evidence(10, () => silent))).toEqual([]);
  expect(toolSilence.examine(evidence(10))).toEqual([]);
});
