import { expect, it } from 'vitest';
import { evidence, reportedTurn, withEvents } from '../testing/evidence.js';
import { ttsFirstByte } from './tts-first-byte.js';
import { ttsRetries } from './tts-retries.js';

const turn = (ttsMs: number) =>
  reportedTurn({
    endOfTurnDelayMs: 350,
    transcriptionDelayMs: 280,
    llmTtftMs: 300,
    ttsTtfbMs: ttsMs,
  });
const RETRIED = withEvents(
  evidence(8, (at) => turn(at % 2 === 0 ? 150 : 2_350)),
  (_, at) => (at % 2 === 0 ? [] : [{ kind: 'tts retried', ms: 2_000, subject: 'acme.TTS' }]),
);

it('finds it and what the retries cost', () => {
  const [found] = ttsRetries.examine(RETRIED);
  expect(found!.verdict).toContain('acme.TTS fails in 4 of 8 turns');
  expect(found!.saving!.meanMs).toBeCloseTo(1_100);
});

it('counts the pauses where the first byte does not contain them', () => {
  const [found] = ttsRetries.examine(
    withEvents(
      evidence(4, () => turn(300)),
      ({ atMs }, at) =>
        at === 0
          ? [
              { kind: 'tts retried', ms: 100, atMs: atMs + 700 },
              { kind: 'tts retried', ms: 2_000, atMs: atMs + 1_700 },
            ]
          : [],
    ),
  );
  expect(found!.verdict).toContain('3,000 ms longer');
});

it('is not reported as a slow TTS as well', () => {
  expect(ttsFirstByte.examine(RETRIED)).toEqual([]);
});

it('finds nothing without a retry', () => {
  expect(ttsRetries.examine(evidence(10))).toEqual([]);
});
