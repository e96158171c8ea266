import {
  type CallerAudio,
  type Clock,
  FirstwordError,
  type SpeechProbeEvent,
  type SttMeasurement,
} from '@firstword/turn';
import { median } from '@firstword/turn/statistics';
import { stt } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { whenOpened } from '../hosted/upgrade-watch.js';
import { probeFailure } from './failure.js';

/** Sample rate of the callers' audio, Hz. */
export const CALLER_RATE_HZ = 16_000;
/** As WebRTC delivers it. */
const FRAME_MS = 10;
const FRAME_SAMPLES = (CALLER_RATE_HZ * FRAME_MS) / 1000;
/** An engine may report the last words in two parts: the utterance is over when no further final comes for this long, ms. */
const SETTLE_MS = 400;

const { SpeechEventType } = stt;

/** What an `SttLane` needs. */
export interface SttLaneOptions {
  /** Makes the engine. Each stream has one of its own, so that an error tells which stream has failed. */
  createEngine: () => stt.STT;
  /** Name of the engine, for messages. */
  name: string;
  audio: CallerAudio;
  clock: Clock;
  /** Longest wait for the final transcript after the last word, ms. */
  timeoutMs: number;
}

/** The line that is played, and what was reported about it. */
interface Utterance {
  /** Position in the line, samples. The line begins with silence, so that its last sample ends a frame. */
  at: number;
  firstSampleMs?: number;
  /** When the last frame was due, and when it was sent. */
  dueMs?: number;
  startedMs?: number;
  /** On the clock. */
  events: SpeechProbeEvent[];
  eagerMs?: number;
  finalMs?: number;
  characters: number;
  done: (error?: FirstwordError) => void;
}

/**
 * One stream at an STT engine, as an agent in a call has it: audio at its pace without an end, silence between the lines. It
 * plays one line at a time.
 */
export class SttLane {
  readonly #options: SttLaneOptions;
  readonly #line: Int16Array;
  readonly #engine: stt.STT;
  readonly #stream: stt.SpeechStream;
  readonly #openedAtMs: number;
  #connectionMs: number | undefined;
  /** The first utterance of a lane tells the time to connect. */
  #isConnectionTold = false;
  /** Frames sent that no measurement has told yet, silence included: services bill all of them. */
  #untoldFrames = 0;
  #nextDueMs: number;
  #cancelTick = () => {};
  #cancelTimeout = () => {};
  #utterance: Utterance | undefined;
  #failure: FirstwordError | undefined;
  #isClosed = false;
  #onConnected = () => {};

  constructor(options: SttLaneOptions) {
    const { createEngine, audio, clock, timeoutMs } = options;
    this.#options = options;
    this.#engine = createEngine();
    const lead = (FRAME_SAMPLES - (audio.length % FRAME_SAMPLES)) % FRAME_SAMPLES;
    this.#line = new Int16Array(lead + audio.length);
    this.#line.set(audio, lead);
    this.#openedAtMs = clock.nowMs();
    this.#engine.on('error', this.#onError);
    const onOpened = () => {
      this.#connectionMs = clock.nowMs() - this.#openedAtMs;
      this.#onConnected();
    };
    const connOptions = { maxRetry: 0, retryIntervalMs: 0, timeoutMs };
    this.#stream = whenOpened(onOpened, () => this.#engine.stream({ connOptions }));
    this.#nextDueMs = clock.nowMs() + FRAME_MS;
    this.#tick();
    void this.#read();
  }

  /** Whether a line can be played now. */
  get isFree(): boolean {
    return !this.#utterance && !this.isOver;
  }

  /** Whether the lane can no longer be used. */
  get isOver(): boolean {
    return this.#isClosed || this.#failure !== undefined;
  }

  /** Resolves when the connection is open, or the lane has failed. */
  connected(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#connectionMs !== undefined || this.isOver) resolve();
      else this.#onConnected = resolve;
    });
  }

  /** Plays the line once and waits for its final transcript. A lane that has failed is over. */
  async play(): Promise<SttMeasurement> {
    const { clock, timeoutMs, name, audio } = this.#options;
    const utterance: Utterance = { at: 0, events: [], characters: 0, done: () => {} };
    const lineMs = (audio.length * 1000) / CALLER_RATE_HZ;
    const error = await new Promise<FirstwordError | undefined>((resolve) => {
      utterance.done = resolve;
      this.#utterance = utterance;
      const late = new FirstwordError('timeout', `${name} sent no final transcript within ${timeoutMs} ms`, {
        retryable: true,
      });
      this.#cancelTimeout = clock.schedule(lineMs + timeoutMs, () => this.#finish(late));
      if (this.#failure) this.#finish(this.#failure);
    });
    // What comes later would be taken for an answer to the next line.
    if (error) this.#fail(error);
    return this.#measured(utterance, error);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelTick();
    this.#stream.close();
    // The stream may still report that it was closed; an error that nobody listens to would end the process.
    void this.#engine.close();
    this.#onConnected();
    this.#finish(new FirstwordError('aborted', 'the measurement was stopped'));
  }

  readonly #onError = ({ error }: { error: Error }) => this.#fail(probeFailure(error, this.#options.name));

  #fail(failure: FirstwordError): void {
    this.#failure ??= failure;
    this.#cancelTick();
    this.#onConnected();
    this.#finish(failure);
  }

  #finish(error?: FirstwordError): void {
    const utterance = this.#utterance;
    this.#utterance = undefined;
    this.#cancelTimeout();
    utterance?.done(error);
  }

  #tick(): void {
    const { clock } = this.#options;
    while (!this.isOver && this.#nextDueMs <= clock.nowMs()) {
      this.#send(this.#nextDueMs);
      this.#nextDueMs += FRAME_MS;
    }
    if (!this.isOver) this.#cancelTick = clock.schedule(this.#nextDueMs - clock.nowMs(), () => this.#tick());
  }

  #send(dueMs: number): void {
    const utterance = this.#utterance;
    const isSpeech = utterance !== undefined && utterance.at < this.#line.length;
    const samples = isSpeech
      ? this.#line.slice(utterance.at, utterance.at + FRAME_SAMPLES)
      : new Int16Array(FRAME_SAMPLES);
    this.#stream.pushFrame(new AudioFrame(samples, CALLER_RATE_HZ, 1, FRAME_SAMPLES));
    this.#untoldFrames += 1;
    if (!isSpeech) return;
    utterance.firstSampleMs ??= dueMs;
    utterance.at += FRAME_SAMPLES;
    if (utterance.at < this.#line.length) return;
    utterance.dueMs = dueMs;
    utterance.startedMs = this.#options.clock.nowMs();
  }

  async #read(): Promise<void> {
    for await (const event of this.#stream) {
      if (event.type === SpeechEventType.INTERIM_TRANSCRIPT) {
        this.#note('interim');
      } else if (event.type === SpeechEventType.PREFLIGHT_TRANSCRIPT) {
        const atMs = this.#note('preflight');
        if (this.#utterance) this.#utterance.eagerMs = atMs;
      } else if (event.type === SpeechEventType.FINAL_TRANSCRIPT) {
        this.#onFinal(event.alternatives?.[0]?.text ?? '');
      }
    }
    if (!this.isOver) this.#fail(probeFailure(undefined, this.#options.name));
  }

  /** Notes what was reported now; returns when that is. */
  #note(kind: SpeechProbeEvent['kind']): number {
    const atMs = this.#options.clock.nowMs();
    this.#utterance?.events.push({ kind, atMs });
    return atMs;
  }

  #onFinal(text: string): void {
    const utterance = this.#utterance;
    if (!utterance || text.trim() === '') return;
    const atMs = this.#note('final');
    utterance.characters += text.length;
    // A final during the line is of an earlier part of it.
    if (utterance.startedMs === undefined) return;
    utterance.finalMs = atMs;
    this.#cancelTimeout();
    this.#cancelTimeout = this.#options.clock.schedule(SETTLE_MS, () => this.#finish());
  }

  #measured(utterance: Utterance, error: FirstwordError | undefined): SttMeasurement {
    const { events, characters, firstSampleMs } = utterance;
    const interimsMs = events.filter(({ kind }) => kind === 'interim').map(({ atMs }) => atMs);
    const startedMs = utterance.startedMs ?? this.#options.clock.nowMs();
    const since = (atMs: number | undefined, fromMs = startedMs) =>
      atMs === undefined ? undefined : atMs - fromMs;
    const intervals = interimsMs.slice(1).map((atMs, index) => atMs - interimsMs[index]!);
    const connectionMs = this.#isConnectionTold ? undefined : this.#connectionMs;
    this.#isConnectionTold = true;
    const billed = this.#untoldFrames * FRAME_MS;
    this.#untoldFrames = 0;
    const optional = {
      connectionMs,
      finalMs: since(utterance.finalMs),
      eagerMs: since(utterance.eagerMs),
      firstInterimMs: since(interimsMs[0], firstSampleMs),
      interimEveryMs: median(intervals),
      error,
    };
    return {
      kind: 'stt',
      startedMs,
      lateMs: startedMs - (utterance.dueMs ?? startedMs),
      endedMs: this.#options.clock.nowMs(),
      billed,
      interims: interimsMs.length,
      characters,
      events: events.map(({ kind, atMs }) => ({ kind, atMs: atMs - startedMs })),
      ...(Object.fromEntries(
        Object.entries(optional).filter(([, value]) => value !== undefined),
      ) as Partial<SttMeasurement>),
    };
  }
}
