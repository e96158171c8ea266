import { inference, initializeLogger } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { beforeAll, expect, it } from 'vitest';
import { answeredStream } from './detector-stream.js';
import { onEndOfTurnAudio } from './predictions.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

it('an end-of-turn stream still takes a transport, and its audio in `pushAudio`', async () => {
  const detector = new inference.TurnDetector({ version: 'v1-mini' });
  const seen: string[] = [];
  const stream = answeredStream(detector, {
    onAudio: ({ samplesPerChannel }) => seen.push(`audio ${samplesPerChannel}`),
    onQuestion: (answer) => answer(0.7),
    onCancel: () => seen.push('cancel'),
    onTurnEnd: () => seen.push('end'),
  });
  onEndOfTurnAudio(stream, ({ samplesPerChannel }) => seen.push(`heard ${samplesPerChannel}`));
  stream.pushAudio(new AudioFrame(new Int16Array(160), 16_000, 1, 160));
  await expect.poll(() => seen).toEqual(['heard 160', 'audio 160']);
  const prediction = await stream.predict().await;
  expect(prediction.endOfTurnProbability).toBe(0.7);
  expect(prediction.inferenceDuration).toBeTypeOf('number');
  stream.flush();
  await expect.poll(() => seen).toContain('end');
  expect(seen).toContain('cancel');
  await detector.aclose();
});
