import { TransformStream } from 'node:stream/web';
import type { Clock } from '@firstword/turn';
import { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { SpeechEdges } from '../speech-edges.js';
import { StreamClock } from '../stream-clock.js';
import type { CallTape } from './call-tape.js';

/** A room's input that remembers the energy of what passes, to place the end of speech exactly. */
export class HeardInput extends voice.AudioInput {
  readonly edges = new SpeechEdges();
  readonly #room: voice.AudioInput;
  readonly #clock: Clock;
  readonly #tape: Pick<CallTape, 'caller'> | undefined;
  #connected = false;

  constructor(room: voice.AudioInput, clock: Clock, tape?: Pick<CallTape, 'caller'>) {
    super();
    this.#room = room;
    this.#clock = clock;
    this.#tape = tape;
  }

  override setAttached(attached: boolean): void {
    // Not before: an input that never comes into use must not take the room's audio.
    if (attached && !this.#connected) this.#connect();
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

  #connect(): void {
    this.#connected = true;
    const stream = new StreamClock();
    const listen = new TransformStream<AudioFrame, AudioFrame>({
      transform: (frame, controller) => {
        const { data, sampleRate, samplesPerChannel } = frame;
        const startMs = stream.next(this.#clock.nowMs(), samplesPerChannel, sampleRate);
        this.edges.push(data, startMs, sampleRate);
        this.#tape?.caller(startMs, data, sampleRate);
        controller.enqueue(frame);
      },
    });
    this.multiStream.addInputStream(this.#room.stream.pipeThrough(listen));
  }
}
