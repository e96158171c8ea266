import {
  insecureContext,
  MIC_ENDED,
  MIC_MUTED,
  micProblem,
  SOUND_FAILED,
  SOUND_SILENT,
} from './audio/mic-problem.js';
import type { Microphone } from './audio/microphone.js';
import { Sound } from './audio/sound.js';
import type { LeverSet, ServerMessage } from './protocol.js';
import type { AudioFrame } from './socket/audio-frame.js';
import { Connection, type ConnectionStatus } from './socket/connection.js';
import type { CallMode, Notice } from './state/state.js';
import { Store } from './state/store.js';

const CLOCK_EVERY_MS = 1_000;
/** Sound that does not run so long into a call will not: there is no output, or the browser keeps it off. */
const SOUND_WITHIN_MS = 3_000;

/** Loudness and progress of the sound, many times a second: read by the meters, kept out of the state. */
export interface Live {
  callerRms: number;
  agentRms: number;
  /** Agent audio played since the page was opened, ms. */
  agentPlayedMs: number;
  answersHeard: number;
}

/** Joins socket, microphone, loudspeaker and state; every button of the page is a method here. */
export class Studio {
  readonly store = new Store();
  readonly live: Live = { callerRms: 0, agentRms: 0, agentPlayedMs: 0, answersHeard: 0 };
  readonly #connection: Connection;
  #sound: Sound | undefined;
  #microphone: Microphone | undefined;
  /** Aborted when the call ends, or is replaced while it is still being set up. */
  #call = new AbortController();

  constructor(socketUrl: string) {
    this.#connection = new Connection({
      openSocket: () => new WebSocket(socketUrl),
      handlers: {
        onStatus: (status) => this.#connectionChanged(status),
        onMessage: (message) => this.#serverSaid(message),
        onAudio: (frame) => this.#play(frame),
      },
      schedule(delayMs, fn) {
        const timer = setTimeout(fn, delayMs);
        return () => clearTimeout(timer);
      },
      random: Math.random,
    });
  }

  connect(): void {
    this.#connection.open();
    addEventListener('online', () => this.#connection.open());
    setInterval(() => this.#sendClock(), CLOCK_EVERY_MS);
  }

  /** Tries to reconnect at once. */
  reconnect(): void {
    this.#connection.open();
  }

  async start(mode: CallMode): Promise<void> {
    this.#hangUp();
    const { signal } = this.#call;
    this.store.dispatch({ type: 'callAsked', mode, phase: mode === 'mic' ? 'asking' : 'starting' });
    if (!window.isSecureContext) return this.#fail(insecureContext(location));
    const problem = await this.#openDevices(mode, signal);
    if (signal.aborted) return;
    if (problem) return this.#fail(problem);
    this.store.dispatch({ type: 'callAsked', mode, phase: 'starting' });
    const { profile, levers } = this.store.state;
    this.#connection.send({
      type: 'start',
      mode,
      ...(profile && { profile }),
      ...(levers && { levers: levers.wanted }),
    });
    this.#sendClock();
  }

  stop(): void {
    this.#connection.send({ type: 'stop' });
    this.#hangUp();
    this.store.dispatch({ type: 'callEnded' });
  }

  chooseProfile(name: string): void {
    this.store.dispatch({ type: 'profileChosen', name });
    this.#connection.send({ type: 'profile', name });
  }

  useLevers(levers: LeverSet): void {
    this.store.dispatch({ type: 'leversChosen', levers });
    this.#connection.send({ type: 'levers', levers });
  }

  /** Gives what is in the way, if anything is. */
  async #openDevices(mode: CallMode, signal: AbortSignal): Promise<Notice | undefined> {
    let sound: Sound;
    try {
      sound = await this.#openSound();
    } catch {
      return SOUND_FAILED;
    }
    try {
      if (mode === 'mic') await this.#openMicrophone(sound, signal);
      return undefined;
    } catch (error) {
      return micProblem(error);
    }
  }

  async #openSound(): Promise<Sound> {
    this.#sound?.resume();
    this.#sound ??= await Sound.open({
      onHeard: (answer, atMs) => {
        this.live.answersHeard++;
        this.#connection.send({ type: 'heard', answer, atMs });
      },
      onProgress: (progress) => {
        this.live.agentRms = progress.agentRms;
        this.live.agentPlayedMs = progress.agentPlayedMs;
        if (!this.#microphone) this.live.callerRms = progress.callerRms;
      },
    });
    return this.#sound;
  }

  async #openMicrophone(sound: Sound, signal: AbortSignal): Promise<void> {
    const microphone = await sound.openMicrophone({
      signal,
      handlers: {
        onFrame: ({ atMs, pcm }) => {
          if (this.store.state.call.phase !== 'live') return;
          this.#connection.sendAudio({ kind: 'mic', value: atMs, pcm });
        },
        onLevel: (rms) => {
          this.live.callerRms = rms;
        },
        onEnded: () => {
          this.stop();
          this.store.dispatch({ type: 'notice', notice: MIC_ENDED });
        },
        onMuted: (muted) =>
          this.store.dispatch(
            muted ? { type: 'notice', notice: MIC_MUTED } : { type: 'dismiss', code: MIC_MUTED.code },
          ),
      },
    });
    this.#microphone = microphone;
  }

  #fail(notice: Notice): void {
    this.#hangUp();
    this.store.dispatch({ type: 'callEnded' });
    this.store.dispatch({ type: 'notice', notice });
  }

  /** Lets go of the microphone and silences the loudspeaker. */
  #hangUp(): void {
    this.#call.abort();
    this.#call = new AbortController();
    this.#microphone?.close();
    this.#microphone = undefined;
    this.#sound?.player.reset();
    this.live.callerRms = 0;
    this.live.agentRms = 0;
  }

  #connectionChanged(status: ConnectionStatus): void {
    if (status.state === 'waiting') this.#hangUp();
    this.store.dispatch({ type: 'connection', status });
  }

  #serverSaid(message: ServerMessage): void {
    const before = this.store.state.call.phase;
    this.store.dispatch({ type: 'server', message });
    if (message.type === 'clear') this.#sound?.player.clear();
    if (before !== 'live' && this.store.state.call.phase === 'live') this.#expectSound();
    if (before !== 'idle' && this.store.state.call.phase === 'idle') this.#letGo();
  }

  /** Without an output browsers say nothing: the audio thread, which the microphone goes through as well, stands still. */
  #expectSound(): void {
    const { signal } = this.#call;
    setTimeout(() => {
      if (signal.aborted || this.#sound?.nowMs() !== undefined) return;
      this.store.dispatch({ type: 'notice', notice: SOUND_SILENT });
    }, SOUND_WITHIN_MS);
  }

  /** The server ended the call: the microphone goes at once, what is still being said may finish. */
  #letGo(): void {
    this.#call.abort();
    this.#call = new AbortController();
    this.#microphone?.close();
    this.#microphone = undefined;
    this.live.callerRms = 0;
  }

  #play({ kind, value, pcm }: AudioFrame): void {
    if (kind === 'agent') this.#sound?.player.play('agent', pcm, value);
    if (kind === 'sampleCaller') this.#sound?.player.play('caller', pcm, 0);
  }

  #sendClock(): void {
    const atMs = this.#sound?.nowMs();
    if (atMs !== undefined && this.store.state.call.phase !== 'idle')
      this.#connection.send({ type: 'clock', atMs });
  }
}
