import { expect, it } from 'vitest';
import { evidence, later, REALTIME_MARKS, realtimeTurn } from '../testing/evidence.js';
import { realtimeEagerness } from './realtime-eagerness.js';

const semantic = (eagerness: string, waitMs: number) =>
  realtimeTurn({
    marks: later(REALTIME_MARKS, 'turnEndAudio', waitMs - 500),
    settings: {
      'turnDetection.type': 'semantic_vad',
      'turnDetection.eagerness': eagerness,
      'turnDetection.bound': 'turnDetection.eagerness',
    },
  });

it('finds it, and scales the wait to what the next setting allows', () => {
  const [found] = realtimeEagerness.examine(evidence(10, (at) => semantic('low', at % 2 === 0 ? 8000 : 200)));
  expect(found!.verdict).toContain('In 5 of 10 turns (50 %)');
  expect(found!.verdict).toContain('`eagerness` is `low`');
  expect(found!.saving!.meanMs).toBe(3000);
  expect(found!.fix.livekit.code).toContain("eagerness: 'high'");
});

it('advises another turn detection where the setting is high already', () => {
  const [found] = realtimeEagerness.examine(evidence(10, () => semantic('high', 2000)));
  expect(found!.saving!.meanMs).toBe(1500);
  expect(found!.fix.livekit.python).toContain('ServerVad(type="server_vad"');
});

it('finds nothing in short waits, nor with server VAD', () => {
  expect(realtimeEagerness.examine(evidence(10, () => semantic('low', 250)))).toEqual([]);
  expect(realtimeEagerness.examine(evidence(10, () => realtimeTurn()))).toEqual([]);
});
