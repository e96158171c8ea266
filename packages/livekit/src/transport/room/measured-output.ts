import type { Clock } from '@firstword/turn';
import { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { isolatedEvents, type PlayoutEvents, RESUME_AFTER_MS } from '../playout.js';
import { audibleSpan, firstAudibleSample } from '../speech-edges.js';
import type { CallTape } from './call-tape.js';

/** An answer being sent. Times on the session's clock, ms. */
interface Sending {
  answer: number;
  /** Duration of the audio passed on so far. */
  sentMs: number;
  /** The answer is complete. */
  isWhole: boolean;
  /** Offset of the first audible sample from the answer's start. */
  audibleAfterMs?: number;
  publishedMs?: number;
  /** When the audio passed on so far will have been sent, once `publishedMs` is known. */
  endsMs?: number;
  /** Sounds that were passed on before `publishedMs` was known, from the answer's start. */
  unreported: { fromMs: number; toMs: number }[];
  /** Frames for the tape that arrived before `publishedMs` was known. */
  untaped: { atMs: number; frame: AudioFrame }[];
}

/**
 * Default of how much of an answer is passed to the room at once, ms; LiveKit's own queue there holds 200. A session passes
 * frames on one by one, each when the last was accepted. The first is reported as accepted only after all listeners have run:
 * on a busy machine 16 ms later (p50), 62 (p90). By then the first frame of 20 ms may have been played, with a gap after it.
 */
export const HEAD_START_MS = 100;

/** Wraps a room's audio output and reports when an answer's first frame and first audible sample are sent. */
export class MeasuredOutput extends voice.AudioOutput {
  readonly #room: voice.AudioOutput;
  readonly #clock: Clock;
  readonly #tape: Omit<CallTape, 'caller'> | undefined;
  #headStartMs: number;
  /** Another `MeasuredOutput` before this one does the work. */
  #isInner = false;
  readonly #listeners = new Set<Partial<PlayoutEvents>>();
  #answers = 0;
  /** Oldest first: an answer may start while the room still finishes the previous one. */
  #sending: Sending[] = [];
  #cancelResume: (() => void) | undefined;

  constructor(
    room: voice.AudioOutput,
    options: { clock: Clock; tape?: Omit<CallTape, 'caller'> | undefined; headStartMs: number },
  ) {
    super(room.sampleRate, room, { pause: true });
    this.#room = room;
    this.#clock = options.clock;
    this.#tape = options.tape;
    this.#headStartMs = options.headStartMs;
  }

  /** Watches the playout; the returned function stops watching. */
  watch(listener: Partial<PlayoutEvents>): () => void {
    const safe = isolatedEvents(listener);
    this.#listeners.add(safe);
    return () => this.#listeners.delete(safe);
  }

  /** Passes everything on as it is from now on: LiveKit has put another output before this one, and that is measured. */
  passOn(): void {
    this.#isInner = true;
    this.#headStartMs = 0;
  }

  override captureFrame(frame: AudioFrame): Promise<void> {
    const sending = this.#current();
    // The base class only counts, synchronously: its promise need not be awaited.
    void super.captureFrame(frame);
    if (sending.audibleAfterMs === undefined) this.#listenFor(sending, frame);
    this.#noteSound(sending, frame);
    if (this.#tape) this.#takeDown(sending, frame);
    sending.sentMs += (frame.samplesPerChannel * 1000) / frame.sampleRate;
    const taken = this.#room.captureFrame(frame);
    if (sending.sentMs > this.#headStartMs) return taken;
    // If the room rejects this frame, it rejects later ones too, and those are awaited.
    taken.catch(() => {});
    return Promise.resolve();
  }

  override onPlaybackStarted(createdAt: number): void {
    super.onPlaybackStarted(createdAt);
    const sending = this.#sending.find(({ publishedMs }) => publishedMs === undefined);
    if (!sending) return;
    const publishedMs = this.#clock.nowMs();
    sending.publishedMs = publishedMs;
    for (const { atMs, frame } of sending.untaped.splice(0)) this.#put(publishedMs + atMs, frame);
    sending.endsMs = publishedMs + sending.sentMs;
    this.#notify((l) => l.onPublished?.(sending.answer, publishedMs));
    this.#reportAudible(sending);
    for (const { fromMs, toMs } of sending.unreported.splice(0))
      this.#notify((l) => l.onSound?.(sending.answer, publishedMs + fromMs, publishedMs + toMs));
  }

  override onPlaybackFinished(event: voice.PlaybackFinishedEvent): void {
    super.onPlaybackFinished(event);
    const sending = this.#sending.shift();
    if (sending?.publishedMs === undefined) return;
    this.#notify((l) => l.onFinished?.(sending.answer, event.playbackPosition * 1000, event.interrupted));
  }

  override flush(): void {
    super.flush();
    this.#endCurrent();
    this.#room.flush();
  }

  override clearBuffer(): void {
    this.#endCurrent();
    this.#tape?.agentCut(this.#clock.nowMs());
    this.#room.clearBuffer();
    // The next answer must not wait for the resume of a discarded one.
    if (this.#dropResume()) super.resume();
  }

  override pause(): void {
    this.#dropResume();
    super.pause();
  }

  /** Resumes after `RESUME_AFTER_MS`. */
  override resume(): void {
    this.#dropResume();
    const resume = () => {
      this.#cancelResume = undefined;
      super.resume();
    };
    if (this.#isInner) resume();
    else this.#cancelResume = this.#clock.schedule(RESUME_AFTER_MS, resume);
  }

  /** @returns whether a resume was pending */
  #dropResume(): boolean {
    this.#cancelResume?.();
    const wasToCome = this.#cancelResume !== undefined;
    this.#cancelResume = undefined;
    return wasToCome;
  }

  #current(): Sending {
    const last = this.#sending.at(-1);
    if (last && !last.isWhole) return last;
    const sending: Sending = {
      answer: ++this.#answers,
      sentMs: 0,
      isWhole: false,
      unreported: [],
      untaped: [],
    };
    this.#sending.push(sending);
    return sending;
  }

  #endCurrent(): void {
    const last = this.#sending.at(-1);
    if (last) last.isWhole = true;
  }

  #listenFor(sending: Sending, frame: AudioFrame): void {
    const at = firstAudibleSample(frame.data, frame.sampleRate * frame.channels);
    if (at < 0) return;
    sending.audibleAfterMs = sending.sentMs + (at * 1000) / (frame.sampleRate * frame.channels);
    if (sending.publishedMs !== undefined) this.#reportAudible(sending);
  }

  /** A frame that comes after the room's queue has run out is sent when it comes. */
  #noteSound(sending: Sending, { data, sampleRate, channels, samplesPerChannel }: AudioFrame): void {
    const startMs =
      sending.endsMs === undefined ? sending.sentMs : Math.max(sending.endsMs, this.#clock.nowMs());
    if (sending.endsMs !== undefined) sending.endsMs = startMs + (samplesPerChannel * 1000) / sampleRate;
    const sound = audibleSpan(data, sampleRate * channels);
    if (!sound) return;
    const [fromMs, toMs] = [startMs + sound.fromMs, startMs + sound.toMs];
    if (sending.endsMs === undefined) sending.unreported.push({ fromMs, toMs });
    else this.#notify((l) => l.onSound?.(sending.answer, fromMs, toMs));
  }

  #takeDown(sending: Sending, frame: AudioFrame): void {
    const { sentMs, publishedMs } = sending;
    if (publishedMs === undefined) sending.untaped.push({ atMs: sentMs, frame });
    else this.#put(publishedMs + sentMs, frame);
  }

  #put(startMs: number, { data, sampleRate }: AudioFrame): void {
    this.#tape?.agent(startMs, data, sampleRate);
  }

  #reportAudible({ answer, publishedMs, audibleAfterMs }: Sending): void {
    if (publishedMs === undefined || audibleAfterMs === undefined) return;
    this.#notify((l) => l.onAudible?.(answer, publishedMs + audibleAfterMs));
  }

  #notify(notify: (listener: Partial<PlayoutEvents>) => void): void {
    for (const listener of this.#listeners) notify(listener);
  }
}
