import captureUrl from './capture.worklet.ts?worker&url';
import type { MicFrame } from './mic-framer.js';
import { CAPTURE_PROCESSOR, type FromCapture } from './worklet-messages.js';

export interface MicrophoneHandlers {
  onFrame(frame: MicFrame): void;
  /** Loudness of the last frame, 0 to 1. */
  onLevel(rms: number): void;
  /** Unplugged, or its permission taken back: no more frames will come. */
  onEnded(): void;
  /** Muted or unmuted by the system. */
  onMuted(muted: boolean): void;
}

/**
 * The caller's microphone, with the browser's echo cancellation so that the agent does not hear itself.
 * Frames carry the time at which the browser had the sound, less the latency that it reports for the device.
 */
export class Microphone {
  readonly #stream: MediaStream;
  readonly #source: MediaStreamAudioSourceNode;
  readonly #node: AudioWorkletNode;

  /** @throws DOMException as `getUserMedia` does, or with name `AbortError` when `signal` fires while asking. */
  static async open(options: {
    context: AudioContext;
    handlers: MicrophoneHandlers;
    signal: AbortSignal;
  }): Promise<Microphone> {
    const { context, handlers, signal } = options;
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
    });
    try {
      await context.audioWorklet.addModule(captureUrl);
      signal.throwIfAborted();
      return new Microphone(context, stream, handlers);
    } catch (error) {
      for (const track of stream.getTracks()) track.stop();
      throw error;
    }
  }

  private constructor(context: AudioContext, stream: MediaStream, handlers: MicrophoneHandlers) {
    this.#stream = stream;
    const track = stream.getAudioTracks()[0]!;
    const settings: MediaTrackSettings & { latency?: number } = track.getSettings();
    const latencyMs = (settings.latency ?? 0) * 1000;
    track.onended = () => handlers.onEnded();
    track.onmute = () => handlers.onMuted(true);
    track.onunmute = () => handlers.onMuted(false);

    this.#source = context.createMediaStreamSource(stream);
    this.#node = new AudioWorkletNode(context, CAPTURE_PROCESSOR, {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    this.#node.port.onmessage = ({ data }: MessageEvent<FromCapture>) => {
      for (const { atMs, pcm } of data.frames) {
        // What was captured before the clock began has no time on it.
        if (atMs >= latencyMs) handlers.onFrame({ atMs: atMs - latencyMs, pcm });
      }
      handlers.onLevel(data.rms);
    };
    this.#source.connect(this.#node);
  }

  /** Lets go of the device; the browser's recording sign goes out. */
  close(): void {
    this.#node.port.onmessage = null;
    this.#source.disconnect();
    for (const track of this.#stream.getTracks()) {
      track.onended = null;
      track.onmute = null;
      track.onunmute = null;
      track.stop();
    }
  }
}
