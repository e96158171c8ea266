import type { AudioFrame } from '@livekit/rtc-node';
import { expect, it } from 'vitest';
import { speakInto } from './microphone.js';

/** A source that plays nothing by itself: what is in it waits. */
class Source {
  queuedDuration = 0;
  readonly frames: AudioFrame[] = [];

  async captureFrame(frame: AudioFrame): Promise<void> {
    this.frames.push(frame);
    this.queuedDuration += (frame.samplesPerChannel * 1000) / frame.sampleRate;
  }
}

it('is on time again after a stall: what waits is cut short in a pause, and never in a line', () => {
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

it('is not troubled by a room that has gone', async () => {
  const source = { queuedDuration: 0, captureFrame: () => Promise.reject(new Error('closed')) };
  speakInto(source, new Int16Array(320), false);
  await new Promise((resolve) => setImmediate(resolve));
});
