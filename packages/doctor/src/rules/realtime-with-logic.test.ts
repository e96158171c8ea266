import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { realtimeWithLogic } from './realtime-with-logic.js';

const REALTIME = { provider: 'openai', model: 'gpt-realtime', emulated: false, requests: 1 };

it('finds it and estimates the saving', () => {
  const [found] = realtimeWithLogic.examine(
    evidence(10, (at) => ({
      llm: REALTIME,
      toolCalls: at % 2,
      marks: later(PATIENT_MARKS, 'responseHeaders', 1200),
    })),
  );
  expect(found!.verdict).toContain('5 of 10 turns');
  expect(found!.fix.livekit.code).toContain('modalities');
});

it('finds nothing for a realtime model by itself', () => {
  expect(realtimeWithLogic.examine(evidence(10, () => ({ llm: REALTIME, toolCalls: 0 })))).toEqual([]);
});
