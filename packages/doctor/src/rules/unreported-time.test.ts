import { expect, it } from 'vitest';
import { diagnose } from '../diagnose.js';
import { evidence, reportedTurn, withEvents } from '../testing/evidence.js';
import { sentenceHeld } from './sentence-held.js';
import { unreportedTime } from './unreported-time.js';

const turn = (e2eMs: number, more = {}) =>
  reportedTurn(
    {
      e2eMs,
      transcriptionDelayMs: 140,
      endOfTurnDelayMs: 500,
      llmTtftMs: 100,
      ttsTtfbMs: 200,
      ...more,
    },
    { transcript: { agent: 'Of course. Friday at three works, shall I book it?' } },
  );

it('reports what no stage explains, and does not call it a sentence', () => {
  const all = evidence(4, () => turn(4_800));
  const [found] = unreportedTime.examine(all);
  expect(found!.verdict).toContain('4,000 ms');
  expect(found!.kind).toBe('unknown');
  expect(found!.confidence.value).toBeLessThan(0.5);
  expect(found!.logNext).toBeDefined();
  expect(sentenceHeld.examine(all)).toEqual([]);
  expect(diagnose(all).findings[0]!.rule).toBe('unreported-time');
});

it('names what holds only a first answer', () => {
  const [found] = unreportedTime.examine(evidence(5, (at) => turn(at === 0 ? 20_000 : 850)));
  expect(found!.verdict).toContain('one turn');
  expect(found!.evidence[1]!.text).toContain('answering machine detection');
});

it('leaves to the sentence what a sentence can take, and what is reported of it', () => {
  expect(unreportedTime.examine(evidence(4, () => turn(1_500)))).toEqual([]);
  expect(unreportedTime.examine(evidence(4, () => turn(4_800, { llmFirstSentenceMs: 4_100 })))).toEqual([]);
});

it('leaves to an event what it took', () => {
  const blocked = withEvents(
    evidence(4, () => turn(4_800)),
    () => [{ kind: 'event loop blocked', ms: 4_000 }],
  );
  expect(unreportedTime.examine(blocked)).toEqual([]);
});

it('finds nothing where the parts add up', () => {
  expect(unreportedTime.examine(evidence(4, () => turn(830)))).toEqual([]);
  expect(unreportedTime.examine(evidence(10))).toEqual([]);
});
