import captureUrl from './capture.worklet.ts?worker&url';
import type { MicFrame } from './mic-framer.js';
import { CAPTURE_PROCESSOR, type FromCapture } from './worklet-messages.js';

/** Callbacks of an open microphone. */
export interface MicrophoneHandlers {
  /** A frame was captured. */
  onFrame(frame: MicFrame): void;
  /** Level (RMS) of the last frame, 0 to 1. */
  onLevel(rms: number): void;
  /** The microphone was unplugged or its permission was revoked: no more frames follow. */
  onEnded(): void;
  /** The operating system muted or unmuted the microphone. */
  onMuted(muted: boolean): void;
}

/**
 * The caller's microphone, with the browser's echo cancellation so that the agent does not hear itself. The time of a
 * frame is when the browser received it, minus the latency that the browser reports for the device.
 */
export class Microphone {
  readonly #stream: MediaStream;
  readonly #source: MediaStreamAudioSourceNode;
  readonly #node: AudioWorkletNode;

  /**
   * Asks for permission and opens the microphone.
   * @throws DOMException as `getUserMedia` does, or an `AbortError` when `signal` is aborted in the meantime
   */
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
        // Audio captured before the audio clock started has no valid time, so it is dropped.
        if (atMs >= latencyMs) handlers.onFrame({ atMs: atMs - latencyMs, pcm });
      }
      handlers.onLevel(data.rms);
    };
    this.#source.connect(this.#node);
  }

  /** Releases the device; the browser's recording indicator disappears. */
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
