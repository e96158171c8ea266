import { ReadableStream, type ReadableStreamDefaultReader } from 'node:stream/web';
import type { Clock } from '@firstword/turn';
import { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { SpeechEdges } from '../speech-edges.js';
import { StreamClock } from '../stream-clock.js';
import type { CallTape } from './call-tape.js';

/** A room's input that remembers the energy of what passes, to place the end of speech exactly. */
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
   * The room's frames, each asked for when the session asks: nothing is taken from an input that never comes into use. A
   * `TransformStream` that is piped through costs three times as much, a hundred times a second: LiveKit's context follows
   * every promise.
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
