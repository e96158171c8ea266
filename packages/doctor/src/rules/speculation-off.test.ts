import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS, reportedTurn } from '../testing/evidence.js';
import { speculationOff } from './speculation-off.js';

const NONE = { started: 0, kept: 0, cancelled: 0 };

it('finds it and estimates the saving', () => {
  const [found] = speculationOff.examine(
    evidence(10, () => ({
      speculation: NONE,
      marks: later(later(PATIENT_MARKS, 'endpointingElapsed', 300), 'responseHeaders', 300),
    })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(300);
  expect(found!.saving!.meanMs).toBeLessThan(330);
  expect(found!.confidence.value).toBeGreaterThan(0.8);
});

it('finds it in a chat history whose parts add up to the whole', () => {
  const parts = { e2eMs: 2438, replyReleasedMs: 831, llmTtftMs: 1318, ttsTtfbMs: 267 };
  const [found] = speculationOff.examine(evidence(1, () => reportedTurn(parts)));
  expect(found!.saving!.highMs).toBeCloseTo(581);
});

it('finds nothing where answers start early', () => {
  expect(speculationOff.examine(evidence(10))).toEqual([]);
});

it('finds nothing where the reported parts overlap, because something started early', () => {
  expect(
    speculationOff.examine(
      evidence(10, () => reportedTurn({ e2eMs: 1200, replyReleasedMs: 800, llmTtftMs: 600, ttsTtfbMs: 200 })),
    ),
  ).toEqual([]);
});
