import { AudioClock } from './audio-clock.js';
import { Microphone, type MicrophoneHandlers } from './microphone.js';
import { Player, type PlayerHandlers } from './player.js';

/** The page's one audio context: loudspeaker, microphone and the clock they share. */
export class Sound {
  readonly #context: AudioContext;
  readonly #clock = new AudioClock();
  readonly player: Player;

  /** Must be called from a click or a key press, or browsers keep the sound off. */
  static async open(handlers: PlayerHandlers): Promise<Sound> {
    const context = new AudioContext({ latencyHint: 'interactive' });
    // Asked for at once, inside the user's gesture; waiting for it would hang where there is no audio device.
    context.resume().catch(() => undefined);
    let clock: AudioClock | undefined;
    const player = await Player.open({
      context,
      handlers: {
        ...handlers,
        onProgress(progress) {
          clock?.observe(performance.now(), progress.atMs);
          handlers.onProgress(progress);
        },
      },
    });
    const sound = new Sound(context, player);
    clock = sound.#clock;
    return sound;
  }

  private constructor(context: AudioContext, player: Player) {
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
