import { MicFramer } from './mic-framer.js';
import { rmsOf } from './pcm.js';
import { CAPTURE_PROCESSOR, type FromCapture } from './worklet-messages.js';

/** Runs on the audio thread and sends microphone frames to the page. */
class CaptureProcessor extends AudioWorkletProcessor {
  readonly #framer = new MicFramer({ rateHz: sampleRate });

  process(inputs: Float32Array[][]): boolean {
    const samples = inputs[0]?.[0];
    if (!samples) return true;
    const frames = this.#framer.push(samples, currentFrame);
    if (frames.length > 0) {
      const rms = rmsOf(Float32Array.from(frames.at(-1)!.pcm, (x) => x / 32_768));
      const message: FromCapture = { frames, rms };
      this.port.postMessage(message);
    }
    return true;
  }
}

registerProcessor(CAPTURE_PROCESSOR, CaptureProcessor);
