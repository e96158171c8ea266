import type { TextToSpeech } from '@firstword/turn';
import { initializeLogger, type tts } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { beforeAll, expect, it } from 'vitest';
import { LocalTTS } from './local-tts.js';

/** An engine that renders a whole sentence and yields views of one buffer. */
const engine: TextToSpeech = {
  provider: 'test',
  model: 'views',
  voice: 'views',
  sampleRateHz: 24_000,
  ready: async () => {},
  async *synthesize() {
    const whole = Int16Array.from({ length: 960 }, (_, i) => i);
    yield whole.subarray(0, 480);
    yield whole.subarray(480);
  },
  close: async () => {},
};

/** What WebRTC reads of a frame: its sample count from the start of the underlying buffer. */
const sent = ({ data }: AudioFrame) => [...new Int16Array(data.buffer, 0, data.length)];

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

async function framesOf(stream: AsyncIterable<tts.SynthesizedAudio | symbol>): Promise<AudioFrame[]> {
  const frames: AudioFrame[] = [];
  for await (const audio of stream) if (typeof audio !== 'symbol') frames.push(audio.frame);
  return frames;
}

it('sends the right samples of buffer views when streaming', async () => {
  const stream = new LocalTTS(engine).stream();
  stream.pushText('Good evening.');
  stream.endInput();
  const frames = await framesOf(stream as AsyncIterable<tts.SynthesizedAudio | symbol>);
  expect(frames.flatMap(sent)).toEqual(Array.from({ length: 960 }, (_, i) => i));
});

it('sends the right samples of buffer views when not streaming', async () => {
  const frames = await framesOf(new LocalTTS(engine).synthesize('Good evening.'));
  expect(frames.flatMap(sent)).toEqual(Array.from({ length: 960 }, (_, i) => i));
});
