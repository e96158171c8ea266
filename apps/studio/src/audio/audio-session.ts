import { AudioClock } from './audio-clock.js';
import { AudioPlayer, type AudioPlayerHandlers } from './audio-player.js';
import { Microphone, type MicrophoneHandlers } from './microphone.js';

/** The page's one audio context: loudspeaker, microphone and the clock they share. */
export class AudioSession {
  readonly #context: AudioContext;
  readonly #clock = new AudioClock();
  readonly player: AudioPlayer;

  /** Must be called from a click or a key press, or browsers keep the sound off. */
  static async open(handlers: AudioPlayerHandlers): Promise<AudioSession> {
    const context = new AudioContext({ latencyHint: 'interactive' });
    // Asked for at once, inside the user's gesture; waiting for it would hang where there is no audio device.
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

  /** A browser stops a context that was made without a gesture, or for a phone call; a new gesture brings it back. */
  resume(): void {
    this.#context.resume().catch(() => undefined);
  }

  openMicrophone(options: { handlers: MicrophoneHandlers; signal: AbortSignal }): Promise<Microphone> {
    return Microphone.open({ context: this.#context, ...options });
  }
}
