import { ReadableStream, type ReadableStreamDefaultController } from 'node:stream/web';
import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { addInputSource } from '../internals/audio-input-source.js';
import { SpeechEdges } from './speech-edges.js';

/** The rate that LiveKit's VAD, its end-of-turn model and the embedded speech-to-text all work at. */
export const INPUT_RATE_HZ = 16_000;

/** A session's ears where there is no room: whoever holds the caller's audio pushes it in. */
export class PushAudioInput extends voice.AudioInput {
  /** Energy of what came in, to place the end of speech exactly. */
  readonly edges = new SpeechEdges();
  #controller: ReadableStreamDefaultController<AudioFrame> | undefined;

  constructor() {
    super();
    const source = new ReadableStream<AudioFrame>({
      start: (controller) => {
        this.#controller = controller;
      },
    });
    addInputSource(this, source);
  }

  /**
   * @param samples mono PCM at 16 kHz.
   * @param capturedAtMs when its first sample was spoken, on the session's clock.
   */
  push(samples: Int16Array, capturedAtMs: number): void {
    if (!this.#controller || samples.length === 0) return;
    this.edges.push(samples, capturedAtMs, INPUT_RATE_HZ);
    this.#controller.enqueue(new AudioFrame(samples, INPUT_RATE_HZ, 1, samples.length));
  }

  /** No more audio will come. */
  override async close(): Promise<void> {
    this.#controller?.close();
    this.#controller = undefined;
    await super.close();
  }
}
