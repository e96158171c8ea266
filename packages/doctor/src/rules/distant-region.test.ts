import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS, reportedTurn } from '../testing/evidence.js';
import { distantRegion } from './distant-region.js';

const far = (tcpMs: number) => ({
  provider: 'groq',
  model: 'openai/gpt-oss-120b',
  emulated: true,
  requests: 1,
  connection: { state: 'reused' as const, tcpMs },
});

it('finds it and estimates the saving', () => {
  const [found] = distantRegion.examine(
    evidence(10, () => ({ llm: far(220), marks: later(PATIENT_MARKS, 'responseHeaders', 220) })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(150);
  expect(found!.saving!.meanMs).toBeLessThan(200);
  expect(found!.verdict).toContain('220 ms away');
});

it('finds nothing where a round trip is short', () => {
  expect(distantRegion.examine(evidence(10, () => ({ llm: far(20), marks: PATIENT_MARKS })))).toEqual([]);
});

/** A turn whose model has a published median of 851 ms, for long prompts. */
const reported = (ttftMs: number, more = {}) =>
  reportedTurn(
    { endOfTurnDelayMs: 540, transcriptionDelayMs: 280, llmTtftMs: ttftMs, ttsTtfbMs: 170 },
    { llm: { provider: 'openai', model: 'gpt-4.1-mini', emulated: false, requests: 1, ...more } },
  );

it('finds a constant in every first token, where no handshake is in the data', () => {
  const [found] = distantRegion.examine(evidence(10, (at) => reported(880 + at * 25)));
  expect(found!.verdict).toContain('late by a constant');
  expect(found!.saving!.meanMs).toBeGreaterThan(400);
  expect(found!.saving!.meanMs).toBeLessThan(520);
});

it('finds no constant in times that spread, that are usual, or that reasoning explains', () => {
  expect(distantRegion.examine(evidence(10, (at) => reported(700 + at * 120)))).toEqual([]);
  expect(distantRegion.examine(evidence(10, (at) => reported(400 + at * 25)))).toEqual([]);
  expect(
    distantRegion.examine(
      evidence(10, (at) =>
        reported(880 + at * 25, { tokens: { reasoningTokens: 300, completionTokens: 340 } }),
      ),
    ),
  ).toEqual([]);
});

const bothLate = (ttftMs: number, ttsMs: number) =>
  reportedTurn({ endOfTurnDelayMs: 540, transcriptionDelayMs: 280, llmTtftMs: ttftMs, ttsTtfbMs: ttsMs });

it('finds a constant that LLM and voice have in common, though the model is not named', () => {
  const [found] = distantRegion.examine(evidence(10, (at) => bothLate(780 + at * 10, 640 + at * 8)));
  expect(found!.verdict).toContain('late by about the same constant');
  expect(found!.saving!.meanMs).toBeGreaterThan(800);
});

it('takes one slow vendor, or two that are slow in their own ways, for no distance', () => {
  expect(distantRegion.examine(evidence(10, (at) => bothLate(780 + at * 10, 180 + at * 4)))).toEqual([]);
  expect(distantRegion.examine(evidence(10, (at) => bothLate(700 + at * 90, 640 + at * 8)))).toEqual([]);
});
