import { type Recognizer, startSpeechEmulator } from '@firstword/emulator/speech';
import { EagerSTT, HOSTED_STTS, openHostedStt } from '@firstword/livekit';
import { initializeLogger, stt } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { beforeAll, expect, it } from 'vitest';

const RATE_HZ = 16_000;
const FRAME_MS = 20;
const SPEECH_MS = 2_000;
const RESET_AFTER_MS = 700;
/** The service's detector hears the first 30 ms late, and a frame may be under way when the connection is reset. */
const MOST_LOST_MS = 150;

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

/** Recognizes one word, whatever it hears, and counts the sound that each connection was sent, ms. */
class SoundCounter implements Recognizer {
  readonly heardMs: number[] = [];

  openStream(): ReturnType<Recognizer['openStream']> {
    const index = this.heardMs.push(0) - 1;
    const words = () => (this.heardMs[index]! > 0 ? [{ text: 'hello', startMs: 0, endMs: 200 }] : []);
    return {
      push: (samples) => {
        if (samples.some((sample) => Math.abs(sample) > 1_000))
          this.heardMs[index]! += (samples.length * 1000) / RATE_HZ;
      },
      speechStarted: () => {},
      speechPaused: () => {},
      heard: words,
      endSegment: () => Promise.resolve(words()),
      close: () => {},
    };
  }
}

/** Frame `index` of a tone, or of silence after it. */
function frame(index: number): AudioFrame {
  const size = (RATE_HZ * FRAME_MS) / 1000;
  const isTone = index * FRAME_MS < SPEECH_MS;
  const samples = Int16Array.from({ length: size }, (_, at) =>
    isTone ? 8_000 * Math.sin(((index * size + at) * 2 * Math.PI * 220) / RATE_HZ) : 0,
  );
  return new AudioFrame(samples, RATE_HZ, 1, size);
}

/**
 * Pushes the audio at its pace until a final comes and `isHeard`, and returns its words. On a busy machine the service takes a gap in
 * the audio for a pause, and sends a final for the part before it.
 */
async function finalOf(stream: stt.SpeechStream, isHeard: () => boolean): Promise<string | undefined> {
  const startMs = performance.now();
  let index = 0;
  const push = setInterval(() => {
    while (index * FRAME_MS <= performance.now() - startMs) stream.pushFrame(frame(index++));
  }, FRAME_MS);
  try {
    for await (const { type, alternatives } of stream)
      if (type === stt.SpeechEventType.FINAL_TRANSCRIPT && alternatives?.[0].text && isHeard())
        return alternatives[0].text;
    return undefined;
  } finally {
    clearInterval(push);
  }
}

it.each(Object.keys(HOSTED_STTS))(
  '%s hears a turn in which its connection was lost, from its beginning',
  async (name) => {
    const recognizer = new SoundCounter();
    const emulator = await startSpeechEmulator({
      recognizer,
      speechFaults: {
        rules: [
          { fault: { kind: 'reset-utterance', afterMs: RESET_AFTER_MS }, nth: [1] },
          { fault: { kind: 'refuse' }, nth: [2, 3] },
        ],
      },
    });
    const services = { origin: emulator.origin, inferenceUrl: emulator.url, apiKey: 'emulated' };
    const eager = new EagerSTT(await openHostedStt(name, services));
    const unrecovered: Error[] = [];
    eager.on('error', ({ error, recoverable }) => recoverable || unrecovered.push(error));
    const stream = eager.stream();
    expect(await finalOf(stream, () => (recognizer.heardMs[1] ?? 0) > SPEECH_MS - MOST_LOST_MS)).toMatch(
      /^hello/i,
    );
    stream.close();
    await eager.close();
    expect(recognizer.heardMs.length).toBe(2);
    expect(unrecovered).toEqual([]);
    expect(eager.takeRepairs().reconnections).toBe(1);
    await emulator.close();
  },
);
