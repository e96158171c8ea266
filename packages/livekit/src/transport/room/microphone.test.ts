import type { AudioFrame } from '@livekit/rtc-node';
import { expect, it } from 'vitest';
import { speakInto } from './microphone.js';

/** An audio source that never plays its queue. */
class Source {
  queuedDuration = 0;
  readonly frames: AudioFrame[] = [];

  async captureFrame(frame: AudioFrame): Promise<void> {
    this.frames.push(frame);
    this.queuedDuration += (frame.samplesPerChannel * 1000) / frame.sampleRate;
  }
}

it('catches up after a stall by dropping queued audio in a pause, never within a line', () => {
  const source = new Source();
  const [room, line] = [new Int16Array(320), new Int16Array(320).fill(3000)];
  for (let frame = 0; frame < 10; frame += 1) speakInto(source, line, false);
  expect(source.queuedDuration).toBe(200);
  speakInto(source, room, true);
  expect(source.queuedDuration).toBe(200);
  speakInto(source, line, false);
  expect(source.queuedDuration).toBe(220);
  source.queuedDuration = 40;
  speakInto(source, room, true);
  expect(source.queuedDuration).toBe(60);
  expect(source.frames.map(({ data }) => data[0])).toEqual([...Array(11).fill(3000), 0]);
});

it('ignores errors of a closed room', async () => {
  const source = { queuedDuration: 0, captureFrame: () => Promise.reject(new Error('closed')) };
  speakInto(source, new Int16Array(320), false);
  await new Promise((resolve) => setImmediate(resolve));
});
