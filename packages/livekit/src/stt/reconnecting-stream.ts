import { AsyncLocalStorage } from 'node:async_hooks';
import type { Duplex } from 'node:stream';
import type { Clock } from '@firstword/turn';
import { APIConnectionError, stt } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { watchUpgrades, watchWebSockets } from '../hosted/upgrade-watch.js';
import { pause } from '../llm/pause.js';
import { frameMs, TurnAudio } from './turn-audio.js';

const { SpeechEventType: Type } = stt;

/** Pauses before the attempts to open a new stream, ms. Together they are as long as a caller waits for an answer. */
const REOPEN_PAUSES_MS = [0, 100, 250, 500, 1_000, 2_000, 2_000, 2_000] as const;
/** A connection that ends sooner was refused after its handshake, ms: the next attempt waits longer. */
const SHORTEST_LIFE_MS = 500;
/** An attempt that is not connected after so long has failed, ms. */
const CONNECT_MS = 3_000;
/** A stream that has asked for no WebSocket by then uses none: it gets its audio, ms. */
const NO_WEBSOCKET_MS = 1_000;
/**
 * Audio of the past is sent so many times as fast as it was spoken. Some services (AssemblyAI) close a connection that gets audio too
 * fast, so the second value is that of a stream whose predecessor was lost before it had brought words. Both are assumptions.
 */
const REPLAY_SPEEDS = { first: 4, careful: 1.25 } as const;
const REPLAY_STEP_MS = 20;

type FlushMark = 'flush';

/** One stream of the wrapped STT. */
interface Attempt {
  readonly stream: stt.SpeechStream;
  readonly state: AttemptState;
}

interface AttemptState {
  isFirst: boolean;
  /** WebSockets that it has asked for. */
  requests: number;
  /** When its newest WebSocket opened, clock, ms. */
  openedMs?: number;
  hasEvents: boolean;
  /** It takes audio. */
  isReady: boolean;
  /** Another stream takes its place. */
  isLost: boolean;
  /** Its newest failure. */
  failure?: Error;
}

const running = new AsyncLocalStorage<(error: Error) => boolean>();

/**
 * Whether a failure that is being reported in this async context is that of a stream which is replaced: the call's recognition goes
 * on.
 */
export const isRecovered = (error: Error): boolean => running.getStore()?.(error) ?? false;

/** Options of `ReconnectingStream`. */
export interface ReconnectingStreamOptions {
  /** Opens a stream of the wrapped STT. @param isAgain it takes the place of one: its failures are handled here, and it shall not retry */
  open(isAgain: boolean): stt.SpeechStream;
  /** False: the STT has no connection, or replaces its streams itself. One stream is opened, and nothing is watched. */
  isReplaceable: boolean;
  clock: Clock;
  /** A new stream is opened in the place of one that has worked. */
  onReconnect(): void;
  /** No stream could be opened any more; this one ends. */
  onGaveUp(error: Error): void;
}

/**
 * The speech stream of a hosted STT that outlives its connection. LiveKit's plugins reconnect late or not at all, and lose what
 * is said meanwhile (read in 1.9.0): Deepgram's Nova waits up to 10 s, and from then on sends every second frame to the closed
 * connection; Flux hears nothing more in the call; LiveKit Inference ends the call. Here a new stream is opened as soon as the
 * connection is closed, and gets the audio of the turn in hand once more.
 */
export class ReconnectingStream {
  readonly #options: ReconnectingStreamOptions;
  readonly #audio = new TurnAudio();
  readonly #stop = new AbortController();
  readonly #unwatch: () => void;
  /** The newest stream; `undefined` once none could be opened. */
  #newest: Promise<Attempt | undefined>;
  #current: Attempt;
  /** Audio for a stream that is not ready, or has not been sent all of it. */
  #held: (AudioFrame | FlushMark)[] | undefined;
  /** How much of it may be sent now, ms. */
  #creditMs = 0;
  #cancelTimers: (() => void)[] = [];
  /** Attempts in a row that have failed. */
  #failures = 0;
  #isInputEnded = false;
  /** A stream was replaced within a turn whose words have not come yet. */
  #isCatchingUp = false;
  #replaySpeed: number = REPLAY_SPEEDS.first;
  #pushedMs = 0;
  #startOffset = 0;

  constructor(options: ReconnectingStreamOptions) {
    this.#options = options;
    this.#unwatch = options.isReplaceable ? watchUpgrades() : () => {};
    this.#current = this.#start(false);
    this.#newest = Promise.resolve(this.#current);
  }

  /** Whether the words of speech that has ended may still come, because the connection was lost in it. */
  get isCatchingUp(): boolean {
    return this.#isCatchingUp && this.#audio.hasSpeech;
  }

  get startTimeOffset(): number {
    return this.#startOffset;
  }

  /** What the times of transcripts begin with, s. */
  set startTimeOffset(seconds: number) {
    this.#startOffset = seconds;
    this.#current.stream.startTimeOffset = seconds;
  }

  /** @throws what the STT's stream throws, where it is not replaceable */
  pushFrame(frame: AudioFrame): void {
    this.#pushedMs += frameMs(frame);
    this.#audio.push(frame);
    this.#send(frame);
  }

  flush(): void {
    this.#send('flush');
  }

  endInput(): void {
    this.#isInputEnded = true;
    // Audio that is held is sent first.
    if (!this.#held) this.#current.stream.endInput();
  }

  close(): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#unwatch();
    this.#dropTimers();
    this.#current.stream.close();
  }

  /** Whether the caller is speaking now, by the VAD. */
  setSpeaking(isSpeaking: boolean): void {
    this.#audio.setSpeaking(isSpeaking);
  }

  /** Nobody waits for the words of the speech so far any more: its audio is not sent again. */
  forgetAudio(): void {
    this.#audio.forget();
    this.#isCatchingUp = false;
    if (this.#held) this.#held = this.#audio.frames();
  }

  /** Passes each event to `onEvent`. Resolves when no more come. */
  async read(onEvent: (event: stt.SpeechEvent) => void): Promise<void> {
    for (;;) {
      const attempt = await this.#newest;
      if (!attempt) return;
      for await (const event of attempt.stream) {
        if (attempt.state.isLost) break;
        this.#note(attempt, event);
        onEvent(event);
      }
      if (attempt.state.isLost) continue;
      if (!this.#mayReplace(attempt.state)) return;
      this.#replace(attempt);
    }
  }

  #note({ state }: Attempt, { type, alternatives }: stt.SpeechEvent): void {
    if (type === Type.RECOGNITION_USAGE) return;
    state.hasEvents = true;
    if (type === Type.START_OF_SPEECH || type === Type.INTERIM_TRANSCRIPT) this.#audio.noteSpeech();
    if (!alternatives?.[0]?.text) return;
    this.#isCatchingUp = false;
    if (type === Type.FINAL_TRANSCRIPT) this.#audio.forget();
  }

  #send(item: AudioFrame | FlushMark): void {
    if (this.#held) this.#held.push(item);
    else this.#pass(this.#current, item);
  }

  #pass({ stream }: Attempt, item: AudioFrame | FlushMark): void {
    try {
      if (item === 'flush') stream.flush();
      else stream.pushFrame(item);
    } catch (error) {
      // A stream that has failed takes no audio; the one in its place gets this too.
      if (!this.#options.isReplaceable) throw error;
    }
  }

  #start(isAgain: boolean): Attempt {
    const state: AttemptState = {
      isFirst: !isAgain,
      requests: 0,
      hasEvents: false,
      isReady: !isAgain,
      isLost: false,
    };
    const fails = (error: Error) => {
      state.failure = error;
      return state.isLost || this.#mayReplace(state);
    };
    const open = () => running.run(fails, () => this.#options.open(isAgain));
    if (!this.#options.isReplaceable) return { stream: this.#options.open(isAgain), state };
    const onOpened = (socket: Duplex) => {
      // LiveKit Inference ends the process if its server says something to a stream that is closed (Node 20): nothing is read.
      if (state.isLost) {
        socket.destroy();
        return undefined;
      }
      state.openedMs = this.#options.clock.nowMs();
      this.#ready(state);
      const own = state.requests;
      // A stream that has asked for the next connection before has closed this one itself.
      return () => {
        if (state.requests === own && this.#mayReplace(state)) this.#replace({ stream, state });
      };
    };
    const onRequest = () => {
      state.requests += 1;
    };
    const stream = watchWebSockets({ onRequest, onOpened }, open);
    return { stream, state };
  }

  /** Whether another stream shall take its place. The first one, if it has never worked, is left to the STT's own retries. */
  #mayReplace(state: AttemptState): boolean {
    if (!this.#options.isReplaceable || this.#isInputEnded || this.#stop.signal.aborted) return false;
    return !state.isFirst || this.#hasWorked(state);
  }

  #hasWorked({ hasEvents, openedMs = Number.POSITIVE_INFINITY }: AttemptState): boolean {
    return hasEvents || this.#options.clock.nowMs() - openedMs >= SHORTEST_LIFE_MS;
  }

  #replace({ stream, state }: Attempt): void {
    if (state.isLost) return;
    state.isLost = true;
    this.#dropTimers();
    const hasWorked = this.#hasWorked(state);
    this.#failures = hasWorked ? 0 : this.#failures + 1;
    stream.close();
    const isTooFast = this.isCatchingUp && state.isReady;
    this.#replaySpeed = isTooFast ? REPLAY_SPEEDS.careful : REPLAY_SPEEDS.first;
    this.#isCatchingUp = this.#audio.hasSpeech;
    this.#held = this.#audio.frames();
    if (hasWorked) this.#options.onReconnect();
    this.#newest = this.#startAgain(state.failure);
  }

  async #startAgain(failure: Error | undefined): Promise<Attempt | undefined> {
    const { clock, onGaveUp } = this.#options;
    const pauseMs = REOPEN_PAUSES_MS[this.#failures];
    if (pauseMs === undefined) {
      this.#held = undefined;
      onGaveUp(failure ?? gone());
      return undefined;
    }
    await pause(pauseMs, { clock, signal: this.#stop.signal });
    if (this.#stop.signal.aborted) return undefined;
    const attempt = this.#start(true);
    this.#current = attempt;
    const { stream, state } = attempt;
    const heldMs = this.#held?.reduce((ms, item) => ms + (item === 'flush' ? 0 : frameMs(item)), 0) ?? 0;
    stream.startTimeOffset = Math.max(0, this.#startOffset + (this.#pushedMs - heldMs) / 1000);
    this.#cancelTimers = [
      clock.schedule(NO_WEBSOCKET_MS, () => {
        if (state.requests === 0) this.#ready(state);
      }),
      clock.schedule(CONNECT_MS, () => {
        if (!state.isReady && this.#mayReplace(state)) this.#replace(attempt);
      }),
    ];
    return attempt;
  }

  #ready(state: AttemptState): void {
    if (state.isReady || state.isLost) return;
    state.isReady = true;
    this.#creditMs = 0;
    this.#replay(state);
  }

  #replay(state: AttemptState): void {
    const held = this.#held;
    if (!held || state.isLost || this.#stop.signal.aborted) return;
    this.#creditMs += REPLAY_STEP_MS * this.#replaySpeed;
    while (held.length > 0 && this.#creditMs > 0) {
      const item = held.shift()!;
      this.#pass(this.#current, item);
      if (item !== 'flush') this.#creditMs -= frameMs(item);
    }
    if (held.length > 0) {
      this.#options.clock.schedule(REPLAY_STEP_MS, () => this.#replay(state));
      return;
    }
    this.#held = undefined;
    if (this.#isInputEnded) this.#current.stream.endInput();
  }

  #dropTimers(): void {
    for (const cancel of this.#cancelTimers.splice(0)) cancel();
  }
}

const gone = () =>
  new APIConnectionError({
    message: 'The STT closes each connection at once. Check its key, its limits and its status page.',
    options: { retryable: false },
  });
