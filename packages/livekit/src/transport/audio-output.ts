import { type Clock, systemClock } from '@firstword/turn';
import { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { isolatedEvents, Playout, type PlayoutEvents, type PlayoutSink } from './playout.js';

/** Sample rate of answers, Hz. */
export const OUTPUT_RATE_HZ = 24_000;

/** The audio output of a session without a room: passes answers to a sink in real time. */
export class PacedAudioOutput extends voice.AudioOutput {
  readonly #playout: Playout;
  readonly #listeners = new Set<Partial<PlayoutEvents>>();

  constructor(options: { sink: PlayoutSink; clock?: Clock }) {
    super(OUTPUT_RATE_HZ, undefined, { pause: true });
    const clock = options.clock ?? systemClock;
    this.#playout = new Playout({
      clock,
      sink: options.sink,
      rateHz: OUTPUT_RATE_HZ,
      events: {
        onPublished: (answer, atMs) => {
          this.onPlaybackStarted(Math.round(clock.wallMs() + (atMs - clock.nowMs())));
          this.#notify((l) => l.onPublished?.(answer, atMs));
        },
        onAudible: (answer, atMs) => this.#notify((l) => l.onAudible?.(answer, atMs)),
        onSound: (...sound) => this.#notify((l) => l.onSound?.(...sound)),
        onPaused: (answer, atMs) => this.#notify((l) => l.onPaused?.(answer, atMs)),
        onFinished: (answer, playedMs, interrupted) => {
          this.onPlaybackFinished({ playbackPosition: playedMs / 1000, interrupted });
          this.#notify((l) => l.onFinished?.(answer, playedMs, interrupted));
        },
      },
    });
  }

  /** Watches the playout; the returned function stops watching. */
  watch(listener: Partial<PlayoutEvents>): () => void {
    const safe = isolatedEvents(listener);
    this.#listeners.add(safe);
    return () => this.#listeners.delete(safe);
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    this.#playout.push(frame.data);
  }

  override flush(): void {
    super.flush();
    this.#playout.end();
  }

  override clearBuffer(): void {
    super.flush();
    this.#playout.clear();
  }

  override pause(): void {
    this.#playout.pause();
  }

  override resume(): void {
    this.#playout.resume();
  }

  close(): void {
    this.#playout.close();
  }

  #notify(notify: (listener: Partial<PlayoutEvents>) => void): void {
    for (const listener of this.#listeners) notify(listener);
  }
}
