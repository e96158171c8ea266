import type { ReadableStream } from 'node:stream/web';
import type { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';

/**
 * Makes `source` a source of an audio input's stream.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/io.ts`, class `AudioInput`, protected field `multiStream`.
 * - If it changes: sessions without a room get no audio from the caller; this function throws. `internals.test.ts` fails.
 */
export function addInputSource(input: voice.AudioInput, source: ReadableStream<AudioFrame>): void {
  const multiStream = Reflect.get(input, 'multiStream') as {
    addInputStream(stream: ReadableStream<AudioFrame>): void;
  };
  multiStream.addInputStream(source);
}
