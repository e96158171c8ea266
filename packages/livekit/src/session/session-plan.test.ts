import { DEFAULT_ENDPOINTING } from '@firstword/turn';
import { initializeLogger } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { beforeAll, expect, it } from 'vitest';
import { localTurnDetector } from './end-of-turn.js';
import { planSession } from './session-plan.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

it('makes its VAD ask after the endpointing option eotAfterMs', async () => {
  const stream = planSession({}, { endpointing: { eotAfterMs: 96 } }).endOfTurn!.vad!.stream();
  stream.pushFrame(new AudioFrame(new Int16Array(512 * 4), 16_000, 1, 512 * 4));
  const silences: number[] = [];
  for await (const { rawAccumulatedSilence } of stream) {
    silences.push(rawAccumulatedSilence);
    if (silences.length === 4) break;
  }
  stream.close();
  expect(silences).toEqual([32, 64, 200, 200]);
});

it('keeps a detector that has waits of its own', () => {
  const turnDetection = localTurnDetector({ endpointing: DEFAULT_ENDPOINTING });
  expect(planSession({ turnHandling: { turnDetection } }, {}).endOfTurn?.detector).toBe(turnDetection);
});

it('refuses options that such a detector would leave without an effect', () => {
  const turnDetection = localTurnDetector({ endpointing: DEFAULT_ENDPOINTING });
  const plan = () =>
    planSession({ turnHandling: { turnDetection } }, { endpointing: 'quick', expects: 'digits(4)' });
  expect(plan).toThrow(
    /waits of its own, so firstword\.endpointing, firstword\.expects would have no effect/,
  );
});
