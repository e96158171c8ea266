import { synthesizeCall } from '@firstword/calls';
import { prewarmCalls } from '@firstword/livekit';
import { fliteTts } from '@firstword/local';
import type { SpeechToText, TranscriptHandlers } from '@firstword/turn';
import { beforeAll, expect, it } from 'vitest';
import { recordLine } from './record.js';

/** Returns these words, one utterance after another. */
function hearing(...words: string[]): SpeechToText {
  return {
    provider: 'scripted',
    model: 'scripted',
    ready: async () => {},
    openStream: ({ onTranscript }: TranscriptHandlers) => ({
      push: () => {},
      beginUtterance: () => {},
      hintPause: () => {},
      endUtterance: () =>
        queueMicrotask(() =>
          onTranscript({
            kind: 'final',
            text: words.shift() ?? '',
            endConfidence: 0.7,
            audioMs: 1,
            decodeMs: 1,
          }),
        ),
      close: () => {},
    }),
    close: async () => {},
  };
}

beforeAll(() => prewarmCalls());

it('finds the pause inside a line and the end of the line', async () => {
  const voice = fliteTts({ voice: 'rms' });
  const line = { parts: ['I would like a table for', 'seven people on Friday.'], breathMs: 700 };
  const [clip] = await synthesizeCall({ lines: [line], voice });
  await voice.close();
  const spoken = { name: 'table', voice: 'rms', compared: false, clip: clip!, seed: 1 };
  const pauses = await recordLine(spoken, {
    vad: 'firstword',
    stt: hearing('I would like a table for.', 'Seven people on Friday.'),
  });
  expect(pauses.map(({ end, words, confidence }) => ({ end, words, confidence }))).toEqual([
    { end: false, words: 'I would like a table for.', confidence: 0.7 },
    { end: true, words: 'I would like a table for. Seven people on Friday.', confidence: 0.7 },
  ]);
  const [inside, end] = pauses;
  // The VAD detects speech for slightly longer than it lasts, and needs 64 ms to detect that it has resumed.
  expect(inside!.resumedAfterMs).toBeGreaterThan(500);
  expect(inside!.resumedAfterMs).toBeLessThan(900);
  expect(inside!.answers.every(({ silenceMs }) => silenceMs < inside!.resumedAfterMs!)).toBe(true);
  expect(Math.abs(end!.tailMs)).toBeLessThan(200);
  expect(end!.answers.length).toBe(6);

  // LiveKit's VAD threshold detects the same pauses, not longer ones. Without STT there are no words.
  const wordless = await recordLine(spoken, { vad: 'livekit' });
  expect(wordless.map((pause) => [pause.end, pause.words])).toEqual([
    [false, ''],
    [true, ''],
  ]);
  expect(wordless[1]!.tailMs).toBeGreaterThanOrEqual(end!.tailMs);
});

it('stops on abort', async () => {
  const clip = { line: { parts: ['x'], breathMs: 0 }, samples: new Int16Array(16_000) };
  const stop = new AbortController();
  setImmediate(() => stop.abort());
  const { signal } = stop;
  await expect(
    recordLine(
      { name: 'x', voice: 'rms', compared: false, clip, seed: 1 },
      { vad: 'firstword', stt: hearing(), signal },
    ),
  ).rejects.toMatchObject({ code: 'aborted' });
});
