import {
  insecureContextNotice,
  MIC_ENDED,
  MIC_MUTED,
  micErrorNotice,
  SOUND_FAILED,
  SOUND_NOT_RUNNING,
} from './audio/audio-notices.js';
import { AudioSession } from './audio/audio-session.js';
import type { Microphone } from './audio/microphone.js';
import type { LeverSet, ServerMessage } from './protocol.js';
import type { AudioFrame } from './socket/audio-frame.js';
import { type ConnectionStatus, StudioConnection } from './socket/connection.js';
import type { CallMode, Notice } from './state/state.js';
import { Store } from './state/store.js';

/** How often the audio clock is sent to the server, ms. */
const CLOCK_INTERVAL_MS = 1_000;
/** If audio is not running this long after the call started, ms, there is no output device or the browser blocks it. */
const SOUND_START_TIMEOUT_MS = 3_000;

/** Audio levels and playback progress. They change many times a second, so they are not part of the state. */
export interface AudioProgress {
  /** Level of the caller's audio, 0 to 1. */
  callerRms: number;
  /** Level of the agent's audio, 0 to 1. */
  agentRms: number;
  /** Agent audio played since the page was opened, ms. */
  agentPlayedMs: number;
  /** Number of answers that have become audible since the page was opened. */
  answersPlayed: number;
}

/** Connects socket, audio and state. Every action of the page is a method here. */
export class StudioController {
  readonly store = new Store();
  readonly audioProgress: AudioProgress = { callerRms: 0, agentRms: 0, agentPlayedMs: 0, answersPlayed: 0 };
  readonly #connection: StudioConnection;
  #audio: AudioSession | undefined;
  #microphone: Microphone | undefined;
  /** Aborted when the call ends, or when another call replaces it before it has started. */
  #call = new AbortController();

  constructor(socketUrl: string) {
    this.#connection = new StudioConnection({
      openSocket: () => new WebSocket(socketUrl),
      handlers: {
        onStatus: (status) => this.#onConnectionStatus(status),
        onMessage: (message) => this.#onServerMessage(message),
        onAudio: (frame) => this.#play(frame),
      },
      schedule(delayMs, fn) {
        const timer = setTimeout(fn, delayMs);
        return () => clearTimeout(timer);
      },
      random: Math.random,
    });
  }

  /** Opens the connection to the server; it reconnects by itself. */
  connect(): void {
    this.#connection.open();
    addEventListener('online', () => this.#connection.open());
    setInterval(() => this.#sendClock(), CLOCK_INTERVAL_MS);
  }

  /** Reconnects now instead of after the retry delay. */
  reconnect(): void {
    this.#connection.open();
  }

  /** Starts a call, which ends the current one. Failures are shown as notices. */
  async start(mode: CallMode): Promise<void> {
    this.#tearDownCall();
    const { signal } = this.#call;
    this.store.dispatch({ type: 'callRequested', mode, phase: mode === 'mic' ? 'asking' : 'starting' });
    if (!window.isSecureContext) return this.#fail(insecureContextNotice(location));
    const problem = await this.#openDevices(mode, signal);
    if (signal.aborted) return;
    if (problem) return this.#fail(problem);
    this.store.dispatch({ type: 'callRequested', mode, phase: 'starting' });
    const { profile, levers } = this.store.state;
    this.#connection.send({
      type: 'start',
      mode,
      ...(profile && { profile }),
      ...(levers && { levers: levers.wanted }),
    });
    this.#sendClock();
  }

  /** Ends the call. */
  stop(): void {
    this.#connection.send({ type: 'stop' });
    this.#tearDownCall();
    this.store.dispatch({ type: 'callEnded' });
  }

  /** Selects the LLM; during a call it takes effect from the next turn. */
  chooseProfile(name: string): void {
    this.store.dispatch({ type: 'profileChosen', name });
    this.#connection.send({ type: 'profile', name });
  }

  /** Sets the levers; during a call they take effect from the next turn. */
  setLevers(levers: LeverSet): void {
    this.store.dispatch({ type: 'leversChosen', levers });
    this.#connection.send({ type: 'levers', levers });
  }

  /** Opens audio output and, for `mic`, the microphone. Returns a notice if that fails. */
  async #openDevices(mode: CallMode, signal: AbortSignal): Promise<Notice | undefined> {
    let audio: AudioSession;
    try {
      audio = await this.#openAudio();
    } catch {
      return SOUND_FAILED;
    }
    try {
      if (mode === 'mic') await this.#openMicrophone(audio, signal);
      return undefined;
    } catch (error) {
      return micErrorNotice(error);
    }
  }

  async #openAudio(): Promise<AudioSession> {
    this.#audio?.resume();
    this.#audio ??= await AudioSession.open({
      onFirstAudible: (answer, atMs) => {
        this.audioProgress.answersPlayed++;
        this.#connection.send({ type: 'heard', answer, atMs });
      },
      onProgress: (progress) => {
        this.audioProgress.agentRms = progress.agentRms;
        this.audioProgress.agentPlayedMs = progress.agentPlayedMs;
        if (!this.#microphone) this.audioProgress.callerRms = progress.callerRms;
      },
    });
    return this.#audio;
  }

  async #openMicrophone(audio: AudioSession, signal: AbortSignal): Promise<void> {
    const microphone = await audio.openMicrophone({
      signal,
      handlers: {
        onFrame: ({ atMs, pcm }) => {
          if (this.store.state.call.phase !== 'live') return;
          this.#connection.sendAudio({ kind: 'mic', value: atMs, pcm });
        },
        onLevel: (rms) => {
          this.audioProgress.callerRms = rms;
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
    this.#tearDownCall();
    this.store.dispatch({ type: 'callEnded' });
    this.store.dispatch({ type: 'notice', notice });
  }

  /** Releases the microphone and stops playback. */
  #tearDownCall(): void {
    this.#call.abort();
    this.#call = new AbortController();
    this.#microphone?.close();
    this.#microphone = undefined;
    this.#audio?.player.reset();
    this.audioProgress.callerRms = 0;
    this.audioProgress.agentRms = 0;
  }

  #onConnectionStatus(status: ConnectionStatus): void {
    if (status.state === 'waiting') this.#tearDownCall();
    this.store.dispatch({ type: 'connection', status });
  }

  #onServerMessage(message: ServerMessage): void {
    const before = this.store.state.call.phase;
    this.store.dispatch({ type: 'server', message });
    if (message.type === 'clear') this.#audio?.player.clear();
    if (before !== 'live' && this.store.state.call.phase === 'live') this.#checkSoundRuns();
    if (before !== 'idle' && this.store.state.call.phase === 'idle') this.#releaseMicrophone();
  }

  /** Without an output device the audio thread does not run, microphone included, and the browser reports no error. */
  #checkSoundRuns(): void {
    const { signal } = this.#call;
    setTimeout(() => {
      if (signal.aborted || this.#audio?.nowMs() !== undefined) return;
      this.store.dispatch({ type: 'notice', notice: SOUND_NOT_RUNNING });
    }, SOUND_START_TIMEOUT_MS);
  }

  /** After the server ended the call: releases the microphone at once, but lets the agent's audio finish. */
  #releaseMicrophone(): void {
    this.#call.abort();
    this.#call = new AbortController();
    this.#microphone?.close();
    this.#microphone = undefined;
    this.audioProgress.callerRms = 0;
  }

  #play({ kind, value, pcm }: AudioFrame): void {
    if (kind === 'agent') this.#audio?.player.play('agent', pcm, value);
    if (kind === 'sampleCaller') this.#audio?.player.play('caller', pcm, 0);
  }

  #sendClock(): void {
    const atMs = this.#audio?.nowMs();
    if (atMs !== undefined && this.store.state.call.phase !== 'idle')
      this.#connection.send({ type: 'clock', atMs });
  }
}
