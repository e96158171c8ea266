import { ReadableStream, type ReadableStreamDefaultReader } from 'node:stream/web';
import type { Clock } from '@firstword/turn';
import { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { SpeechEdges } from '../speech-edges.js';
import { StreamClock } from '../stream-clock.js';
import type { CallTape } from './call-tape.js';

/** Wraps a room's audio input and measures its energy, to find the exact end of speech. */
export class MeasuredInput extends voice.AudioInput {
  readonly edges = new SpeechEdges();
  readonly #room: voice.AudioInput;
  readonly #clock: Clock;
  readonly #tape: Pick<CallTape, 'caller'> | undefined;
  readonly #came = new StreamClock();
  readonly #passing: ReadableStream<AudioFrame>;

  constructor(room: voice.AudioInput, clock: Clock, tape?: Pick<CallTape, 'caller'>) {
    super();
    this.#room = room;
    this.#clock = clock;
    this.#tape = tape;
    this.#passing = this.#pass();
  }

  override get stream(): ReadableStream<AudioFrame> {
    return this.#passing;
  }

  override setAttached(attached: boolean): void {
    this.#room.setAttached(attached);
  }

  override onAttached(): void {
    this.#room.onAttached();
  }

  override onDetached(): void {
    this.#room.onDetached();
  }

  override async close(): Promise<void> {
    await super.close();
    await this.#room.close();
  }

  /**
   * Passes the room's frames on, each only when the session reads it: an input that is never used is not read. Piping through
   * a `TransformStream` would cost three times as much per frame, because LiveKit's async context follows every promise.
   */
  #pass(): ReadableStream<AudioFrame> {
    let frames: ReadableStreamDefaultReader<AudioFrame> | undefined;
    return new ReadableStream<AudioFrame>(
      {
        pull: async (controller) => {
          frames ??= this.#room.stream.getReader();
          const { done, value } = await frames.read();
          if (done) return controller.close();
          this.#listen(value);
          controller.enqueue(value);
        },
        cancel: (reason) => frames?.cancel(reason),
      },
      { highWaterMark: 0 },
    );
  }

  #listen({ data, sampleRate, samplesPerChannel }: AudioFrame): void {
    const startMs = this.#came.next(this.#clock.nowMs(), samplesPerChannel, sampleRate);
    this.edges.push(data, startMs, sampleRate);
    this.#tape?.caller(startMs, data, sampleRate);
  }
}
