import { CALLER_RATE_HZ, synthesizeCall } from '@firstword/calls';
import { prewarmCalls, tracePauses } from '@firstword/livekit';
import { fliteTts } from '@firstword/local';
import { DEFAULT_ENDPOINTING } from '@firstword/turn';
import { beforeAll, expect, it } from 'vitest';
import { firstwordPolicy, VAD_END_MS } from './policies.js';
import { QUERY_SILENCES_MS } from './record.js';

const samplesOf = (ms: number) => Math.round((ms * CALLER_RATE_HZ) / 1000);
const digitalSilence = (ms: number) => new Int16Array(samplesOf(ms));

/** Hold music: a chord for each half second, each tone with overtones, struck and fading. */
function holdMusic(ms: number): Int16Array {
  const chords = [
    [262, 330, 392],
    [220, 262, 330],
    [175, 220, 262],
    [196, 247, 294],
  ];
  return Int16Array.from({ length: samplesOf(ms) }, (_, i) => {
    const s = i / CALLER_RATE_HZ;
    const chord = chords[Math.floor(s * 2) % chords.length]!;
    const fade = Math.exp(-3 * (s % 0.5));
    const tone = (hz: number) =>
      [1, 2, 3].reduce((sum, n) => sum + Math.sin(2 * Math.PI * hz * n * s) / n, 0);
    return 2500 * fade * chord.reduce((sum, hz) => sum + tone(hz), 0) * 0.5;
  });
}

function joined(...parts: Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

let line: Int16Array;

beforeAll(async () => {
  prewarmCalls();
  const voice = fliteTts({ voice: 'rms' });
  const [clip] = await synthesizeCall({
    lines: [{ parts: ['I would like a table for four.'], breathMs: 0 }],
    voice,
  });
  await voice.close();
  line = clip!.samples;
});

it.each([
  ['digital silence', () => digitalSilence(1_500)],
  ['hold music', () => joined(holdMusic(6_000), digitalSilence(500))],
  [
    'a click, and a constant level',
    () => joined(digitalSilence(500), new Int16Array(samplesOf(1_000)).fill(9_000)),
  ],
])(
  'finds the end of a turn after %s, in digital silence, and waits for it no longer than allowed',
  async (_, lead) => {
    const before = lead();
    const audio = joined(before, line, digitalSilence(2_700));
    const endMs = ((before.length + line.length) * 1000) / CALLER_RATE_HZ;
    const pauses = await tracePauses(audio, { vad: 'firstword', askAtMs: QUERY_SILENCES_MS });
    const end = pauses.find(({ lastVoicedMs }) => Math.abs(lastVoicedMs - endMs) <= 250);
    expect(end?.answers).toHaveLength(QUERY_SILENCES_MS.length);
    for (const { probability } of end!.answers) {
      expect(probability).toBeGreaterThanOrEqual(0);
      expect(probability).toBeLessThanOrEqual(1);
    }
    const facts = { line: '', voice: '', compared: false, end: true, tailMs: 0, words: '' };
    const waitMs = firstwordPolicy('', DEFAULT_ENDPOINTING).waitMs({ ...facts, answers: end!.answers });
    expect(waitMs).toBeGreaterThanOrEqual(VAD_END_MS);
    expect(waitMs).toBeLessThanOrEqual(DEFAULT_ENDPOINTING.maxDelayMs);
  },
);
