import type { Speaker } from '../state/state.js';
import playbackUrl from './playback.worklet.ts?worker&url';
import { type FromPlayback, PLAYBACK_PROCESSOR, type ToPlayback } from './worklet-messages.js';

/** Callbacks of the audio player. */
export interface AudioPlayerHandlers {
  /** The first audible sample of an answer is played at `atMs` on the audio clock. */
  onFirstAudible(answer: number, atMs: number): void;
  /** Levels and playback progress, about every 50 ms. */
  onProgress(progress: Extract<FromPlayback, { type: 'progress' }>): void;
}

/** Plays audio on the audio thread and reports when an answer becomes audible. */
export class AudioPlayer {
  readonly #node: AudioWorkletNode;

  /** Loads the worklet and connects it to the output. */
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

  /** Queues 16-bit audio of one voice; `answer` is the number of the agent's answer. */
  play(voice: Speaker, pcm: Int16Array, answer: number): void {
    this.#post({ type: 'audio', voice, answer, pcm });
  }

  /** Discards the agent's audio that has not been played yet. */
  clear(): void {
    this.#post({ type: 'clear' });
  }

  /** Stops all playback and resets the answer numbering, for the next call. */
  reset(): void {
    this.#post({ type: 'reset' });
  }

  #post(message: ToPlayback): void {
    this.#node.port.postMessage(message);
  }
}

/** The output latency that the browser reports, ms. Safari reports only `baseLatency`, without the device's part. */
function outputLatencyMs(context: AudioContext): number {
  return (context.outputLatency || context.baseLatency || 0) * 1000;
}
