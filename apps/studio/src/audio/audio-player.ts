import playbackUrl from './playback.worklet.ts?worker&url';
import { type FromPlayback, PLAYBACK_PROCESSOR, type ToPlayback, type Voice } from './worklet-messages.js';

export interface AudioPlayerHandlers {
  /** The first audible sample of an answer leaves the loudspeaker at `atMs` on the audio clock. */
  onFirstAudible(answer: number, atMs: number): void;
  onProgress(progress: Extract<FromPlayback, { type: 'progress' }>): void;
}

/** The loudspeaker: plays what it is given on the audio thread and says when it is heard. */
export class AudioPlayer {
  readonly #node: AudioWorkletNode;

  static async open(options: { context: AudioContext; handlers: AudioPlayerHandlers }): Promise<AudioPlayer> {
    await options.context.audioWorklet.addModule(playbackUrl);
    return new AudioPlayer(options.context, options.handlers);
  }

  private constructor(context: AudioContext, handlers: AudioPlayerHandlers) {
    this.#node = new AudioWorkletNode(context, PLAYBACK_PROCESSOR, { numberOfInputs: 0 });
    this.#node.port.onmessage = ({ data }: MessageEvent<FromPlayback>) => {
      if (data.type === 'progress') handlers.onProgress(data);
      else handlers.onFirstAudible(data.answer, data.atMs + outputLatencyMs(context));
    };
    this.#node.connect(context.destination);
  }

  play(voice: Voice, pcm: Int16Array, answer: number): void {
    this.#post({ type: 'audio', voice, answer, pcm });
  }

  /** Drops what of the agent's voice is not yet played, at once. */
  clear(): void {
    this.#post({ type: 'clear' });
  }

  /** Silence, and a fresh start for the next call. */
  reset(): void {
    this.#post({ type: 'reset' });
  }

  #post(message: ToPlayback): void {
    this.#node.port.postMessage(message);
  }
}

/** What the browser says lies between the audio thread and the ear; Safari knows only the first part of it. */
function outputLatencyMs(context: AudioContext): number {
  return (context.outputLatency || context.baseLatency || 0) * 1000;
}
