import { AudioClock } from './audio-clock.js';
import { AudioPlayer, type AudioPlayerHandlers } from './audio-player.js';
import { Microphone, type MicrophoneHandlers } from './microphone.js';

/** The page's audio context: player, microphone and their common clock. */
export class AudioSession {
  readonly #context: AudioContext;
  readonly #clock = new AudioClock();
  /** The player of agent and sample caller. */
  readonly player: AudioPlayer;

  /** Opens the audio output. Call it in a click or key handler, otherwise browsers keep audio suspended. */
  static async open(handlers: AudioPlayerHandlers): Promise<AudioSession> {
    const context = new AudioContext({ latencyHint: 'interactive' });
    // Must be called synchronously inside the user gesture. It is not awaited: without an audio device it never resolves.
    context.resume().catch(() => undefined);
    let clock: AudioClock | undefined;
    const player = await AudioPlayer.open({
      context,
      handlers: {
        ...handlers,
        onProgress(progress) {
          clock?.observe(performance.now(), progress.atMs);
          handlers.onProgress(progress);
        },
      },
    });
    const session = new AudioSession(context, player);
    clock = session.#clock;
    return session;
  }

  private constructor(context: AudioContext, player: AudioPlayer) {
    this.#context = context;
    this.player = player;
  }

  /** The audio clock now, ms; `undefined` until the audio thread runs. */
  nowMs(): number | undefined {
    return this.#clock.atMs(performance.now());
  }

  /** Resumes a suspended context, for example one created without a user gesture. Call it in a click or key handler. */
  resume(): void {
    this.#context.resume().catch(() => undefined);
  }

  /** Opens the microphone. @throws DOMException as `Microphone.open` */
  openMicrophone(options: { handlers: MicrophoneHandlers; signal: AbortSignal }): Promise<Microphone> {
    return Microphone.open({ context: this.#context, ...options });
  }
}
