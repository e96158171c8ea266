import type { Clock } from '@firstword/turn';
import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { isolatedEvents, type PlayoutEvents, RESUME_AFTER_MS } from '../playout.js';
import { audibleSpan, firstAudibleSample } from '../speech-edges.js';
import type { CallTape } from './call-tape.js';
import { UnplayedAudio } from './unplayed-audio.js';

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

/** Longest frame that an answer is sent in, ms. */
const FRAME_MS = 20;

/** What frames that come during a pause wait for. */
interface Hold {
  promise: Promise<void>;
  release(): void;
}

function openHold(): Hold {
  let release = () => {};
  const promise = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { promise, release: () => release() };
}

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
  #isPaused = false;
  readonly #unplayed = new UnplayedAudio();
  /** What the room has dropped at a pause: it is sent again at the resume. */
  #dropped: AudioFrame[] = [];
  /** Frames that come during a pause wait for this, so that those of `#dropped` are sent before them. */
  #hold: Hold | undefined;
  #clears = 0;
  /** Settles when the room has accepted the newest frame. */
  #taken: Promise<void> = Promise.resolve();

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
    return this.#hold ? this.#captureAfter(this.#hold.promise, frame) : this.#capture(frame);
  }

  /** Passes a frame on at the resume; never if the answer is cleared meanwhile. */
  async #captureAfter(hold: Promise<void>, frame: AudioFrame): Promise<void> {
    const clears = this.#clears;
    await hold;
    if (clears === this.#clears) await this.captureFrame(frame);
  }

  #capture(frame: AudioFrame): Promise<void> {
    const sending = this.#current();
    // The base class only counts, synchronously: its promise need not be awaited.
    void super.captureFrame(frame);
    if (sending.audibleAfterMs === undefined) this.#listenFor(sending, frame);
    this.#note(sending, frame);
    sending.sentMs += (frame.samplesPerChannel * 1000) / frame.sampleRate;
    const taken = this.#room.captureFrame(frame);
    this.#taken = taken.catch(() => {});
    if (sending.sentMs > this.#headStartMs) return taken;
    // If the room rejects this frame, it rejects later ones too, and those are awaited.
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
    const clears = this.#clears;
    // What the room has dropped is part of the answer.
    if (this.#hold) void this.#hold.promise.then(() => clears === this.#clears && this.#room.flush());
    else this.#room.flush();
  }

  override clearBuffer(): void {
    this.#endCurrent();
    this.#tape?.agentCut(this.#clock.nowMs());
    this.#room.clearBuffer();
    this.#clears += 1;
    this.#dropped = [];
    this.#unplayed.takeAfter(Number.POSITIVE_INFINITY);
    this.#release();
    // The next answer must not wait for the resume of a discarded one.
    if (this.#dropResume()) {
      this.#isPaused = false;
      super.resume();
    }
  }

  /**
   * The room drops what it has queued as soon as it is given the next frame, which happens within one; the end of an answer that it
   * has been given whole is played.
   */
  override pause(): void {
    this.#dropResume();
    super.pause();
    const sending = this.#sending[0];
    if (this.#isInner || this.#isPaused || sending?.endsMs === undefined) return;
    this.#isPaused = true;
    const lastMs = sending.isWhole ? sending.endsMs : this.#clock.nowMs() + FRAME_MS;
    const stopsMs = Math.min(sending.endsMs, lastMs);
    sending.endsMs = stopsMs;
    this.#tape?.agentCut(stopsMs);
    this.#notify((l) => l.onPaused?.(sending.answer, stopsMs));
    if (sending.isWhole) return;
    this.#hold ??= openHold();
    void this.#takeBack();
  }

  /** Makes the room drop what it has queued, and keeps it for the resume. */
  async #takeBack(): Promise<void> {
    await this.#taken;
    if (!this.#isPaused) return;
    this.#dropped.unshift(...this.#unplayed.takeAfter(this.#clock.nowMs()));
    const [frame] = this.#dropped;
    if (!frame) return;
    const { sampleRate, channels } = frame;
    const samples = Math.round(sampleRate / 100);
    const silence = new AudioFrame(new Int16Array(samples * channels), sampleRate, channels, samples);
    this.#room.captureFrame(silence).catch(() => {});
  }

  /** Sends what the room has dropped, and then lets the following frames pass. */
  async #sendDropped(): Promise<void> {
    while (!this.#isPaused && this.#dropped.length > 0) {
      const frame = this.#dropped.shift()!;
      if (this.#sending[0]) this.#note(this.#sending[0], frame);
      this.#taken = this.#room.captureFrame(frame).catch(() => {});
      await this.#taken;
    }
    if (!this.#isPaused) this.#release();
  }

  #release(): void {
    this.#hold?.release();
    this.#hold = undefined;
  }

  /** Resumes after `RESUME_AFTER_MS`. */
  override resume(): void {
    this.#dropResume();
    const resume = () => {
      this.#cancelResume = undefined;
      this.#isPaused = false;
      super.resume();
      void this.#sendDropped();
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
  #note(sending: Sending, frame: AudioFrame): void {
    const { data, sampleRate, channels, samplesPerChannel } = frame;
    const isSent = sending.endsMs !== undefined;
    const startMs =
      sending.endsMs === undefined ? sending.sentMs : Math.max(sending.endsMs, this.#clock.nowMs());
    if (isSent) {
      const endMs = startMs + (samplesPerChannel * 1000) / sampleRate;
      sending.endsMs = endMs;
      this.#unplayed.add(frame, { startMs, endMs, nowMs: this.#clock.nowMs() });
    }
    if (this.#tape && isSent) this.#put(startMs, frame);
    else if (this.#tape) sending.untaped.push({ atMs: startMs, frame });
    const sound = audibleSpan(data, sampleRate * channels);
    if (!sound) return;
    const [fromMs, toMs] = [startMs + sound.fromMs, startMs + sound.toMs];
    if (isSent) this.#notify((l) => l.onSound?.(sending.answer, fromMs, toMs));
    else sending.unreported.push({ fromMs, toMs });
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
