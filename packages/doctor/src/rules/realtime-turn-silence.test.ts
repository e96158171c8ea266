import { expect, it } from 'vitest';
import { evidence, later, REALTIME_MARKS, realtimeTurn } from '../testing/evidence.js';
import { realtimeTurnSilence } from './realtime-turn-silence.js';

const waiting = (moreMs: number, llm = realtimeTurn().llm!) =>
  realtimeTurn({
    marks: later(REALTIME_MARKS, 'turnEndAudio', moreMs),
    llm,
    settings: {
      'turnDetection.type': 'server_vad',
      'turnDetection.silence_duration_ms': 500 + moreMs,
      'turnDetection.bound': 'turnDetection.silence_duration_ms',
    },
  });

it('finds it, with the setting and what a shorter one would save', () => {
  const [found] = realtimeTurnSilence.examine(evidence(10, () => waiting(700)));
  expect(found!.verdict).toContain('1,200 ms of silence: `silence_duration_ms` is 1200');
  expect(found!.saving!.meanMs).toBe(800);
  expect(found!.fix.livekit.code).toContain('openai.realtime.RealtimeModel');
});

it('names the options of the plugin that is used', () => {
  const of = (provider: string, model: string) =>
    realtimeTurnSilence.examine(
      evidence(10, () => waiting(700, { provider, model, emulated: false, requests: 1 })),
    )[0]!.fix.livekit;
  expect(of('api.x.ai', 'grok-voice')).toMatchObject({
    code: expect.stringContaining('new xai.realtime.RealtimeModel({ turnDetection'),
    python: expect.stringContaining('xai.realtime.RealtimeModel(turn_detection'),
  });
  expect(of('Gemini', 'gemini-3.1-live').code).toContain('silenceDurationMs');
});

it('finds nothing with the default silence, nor in turns that semantic turn detection ended', () => {
  expect(realtimeTurnSilence.examine(evidence(10, () => realtimeTurn()))).toEqual([]);
  const semantic = { ...waiting(700), settings: { 'turnDetection.type': 'semantic_vad' } };
  expect(realtimeTurnSilence.examine(evidence(10, () => semantic))).toEqual([]);
});
