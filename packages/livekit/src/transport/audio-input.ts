import { ReadableStream, type ReadableStreamDefaultController } from 'node:stream/web';
import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { addInputSource } from '../internals/audio-input-source.js';
import { SpeechEdges } from './speech-edges.js';

/** Sample rate of LiveKit's VAD, its end-of-turn model and the embedded STT, Hz. */
export const INPUT_RATE_HZ = 16_000;

/** The audio input of a session without a room: the caller's audio is pushed in. */
export class PushAudioInput extends voice.AudioInput {
  /** Energy of the incoming audio, to find the exact end of speech. */
  readonly edges = new SpeechEdges();
  readonly #rateHz: number;
  #controller: ReadableStreamDefaultController<AudioFrame> | undefined;

  /** @param options.rateHz sample rate of the audio; default 16,000. Realtime models of OpenAI and xAI take 24,000 only. */
  constructor(options: { rateHz?: number } = {}) {
    super();
    this.#rateHz = options.rateHz ?? INPUT_RATE_HZ;
    const source = new ReadableStream<AudioFrame>({
      start: (controller) => {
        this.#controller = controller;
      },
    });
    addInputSource(this, source);
  }

  /**
   * @param samples mono PCM at the input's rate.
   * @param capturedAtMs when its first sample was spoken, on the session's clock.
   */
  push(samples: Int16Array, capturedAtMs: number): void {
    if (!this.#controller || samples.length === 0) return;
    this.edges.push(samples, capturedAtMs, this.#rateHz);
    this.#controller.enqueue(new AudioFrame(samples, this.#rateHz, 1, samples.length));
  }

  /** No more audio will come. */
  override async close(): Promise<void> {
    this.#controller?.close();
    this.#controller = undefined;
    await super.close();
  }
}
