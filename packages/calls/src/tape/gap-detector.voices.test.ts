import { fliteTts } from '@firstword/local';
import type { TextToSpeech } from '@firstword/turn';
import { expect, it } from 'vitest';
import { synthesizeCall } from '../caller/clips.js';
import { callLines } from '../caller/lines.js';
import { roomTone } from '../caller/room-tone.js';
import { mix } from '../testing/sound.js';
import { detectGaps } from './gap-detector.js';

const rateHz = 16_000;

/** Lines spoken by one voice, each answered by another one after an exactly known gap. */
async function recordedCall(voices: { caller: TextToSpeech; agent: TextToSpeech }, gapsMs: number[]) {
  const lines = callLines({ turns: gapsMs.length });
  const clips = await synthesizeCall({ lines, voice: voices.caller });
  const answer = { parts: ['We are open from noon until eleven. How can I help you?'], breathMs: 0 };
  const agent = (await synthesizeCall({ lines: [answer], voice: voices.agent }))[0]!.samples;
  const lengthMs = clips.reduce((sum, clip) => sum + (clip.samples.length + agent.length) / 16 + 2500, 0);
  const left = roomTone(1)(lengthMs * 16);
  const right = new Int16Array(left.length);
  let atMs = 1000;
  for (const [i, { samples }] of clips.entries()) {
    mix(left, samples, atMs, rateHz);
    const answerMs = atMs + samples.length / 16 + gapsMs[i]!;
    mix(right, agent, answerMs, rateHz);
    atMs = answerMs + agent.length / 16 + 1000;
  }
  return { sampleRateHz: rateHz, channels: [left, right] };
}

it('detects the gaps between synthesized voices in room noise to 12 ms', async () => {
  const voices = { caller: fliteTts({ voice: 'rms' }), agent: fliteTts({ voice: 'slt' }) };
  const gapsMs = [512, 843, 301, 1207, 655, 933];
  const { turns, overlaps, unanswered } = await detectGaps(await recordedCall(voices, gapsMs));
  await Promise.all([voices.caller.close(), voices.agent.close()]);
  expect(turns).toHaveLength(gapsMs.length);
  for (const [i, turn] of turns.entries()) expect(Math.abs(turn.gapMs - gapsMs[i]!)).toBeLessThanOrEqual(12);
  expect([overlaps, unanswered]).toEqual([[], []]);
});
