import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS, REALTIME_MARKS, realtimeTurn } from '../testing/evidence.js';
import { leadingSilence } from './leading-silence.js';
import { realtimeLeadingSilence } from './realtime-leading-silence.js';

const silent = realtimeTurn({ marks: later(REALTIME_MARKS, 'firstAudible', 330) });

it('finds it, with the node of realtime audio', () => {
  const [found] = realtimeLeadingSilence.examine(evidence(10, () => silent));
  expect(found!.verdict).toContain('The audio of gpt-realtime begins with 350 ms of silence');
  expect(found!.saving!.meanMs).toBe(320);
  expect(found!.fix.livekit.code).toContain('realtimeAudioOutputNode');
  expect(leadingSilence.examine(evidence(10, () => silent))).toEqual([]);
});

it('leaves the audio of a TTS to the other rule', () => {
  expect(
    realtimeLeadingSilence.examine(
      evidence(10, () => ({ marks: later(PATIENT_MARKS, 'firstAudible', 330) })),
    ),
  ).toEqual([]);
  expect(realtimeLeadingSilence.examine(evidence(10, () => realtimeTurn()))).toEqual([]);
});
