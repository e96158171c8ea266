import type { LanguageModel } from '@firstword/llm';
import {
  type Clock,
  type SpeechToText,
  systemClock,
  type TextToSpeech,
  type TurnRecord,
} from '@firstword/turn';
import { initializeLogger } from '@livekit/agents';
import { loadLocalModels } from '../session/end-of-turn.js';
import { DEFAULT_LEVERS, type Levers, NO_LEVERS } from '../session/low-latency.js';
import { PushAudioInput } from '../transport/audio-input.js';
import { PacedAudioOutput } from '../transport/audio-output.js';
import type { PlayoutSink } from '../transport/playout.js';
import type { BridgeOptions } from '../tts/bridge.js';
import type { PhraseCache } from '../tts/phrase-cache.js';
import { CallSession } from './call-session.js';
import { PreRoll } from './pre-roll.js';

export type AgentState = 'listening' | 'thinking' | 'speaking';

/** What can be switched in a call. */
export interface CallLevers extends Levers {
  /** A phrase is said where an answer is late; it needs the `clause` lever, and `CallOptions.bridge`. */
  bridge?: boolean;
}

/** What a call tells whoever shows it. */
export interface CallEvents {
  /** A turn's record: when the answer is first heard, and again with `final` true when it has ended. */
  onTurn(record: TurnRecord, final: boolean): void;
  onAgentState?(state: AgentState): void;
  onTranscript?(who: 'caller' | 'agent', text: string, final: boolean): void;
  /** A part failed; the call goes on. The message says what to do. */
  onError?(source: 'stt' | 'llm' | 'tts', message: string): void;
  /** These levers answer from the next turn on, as `useLevers` asked. */
  onLevers?(levers: CallLevers): void;
  /** The session ended by itself. */
  onEnded?(reason: string): void;
}

export interface CallOptions {
  callId: string;
  stt: SpeechToText;
  llm: LanguageModel;
  tts: TextToSpeech;
  /** Where the agent's voice goes: 24 kHz mono, paced. */
  sink: PlayoutSink;
  instructions: string;
  /** Said as soon as the call is up. */
  greeting?: string;
  /** Said when the LLM fails a turn: a caller who hears nothing thinks the line has dropped. */
  apology?: string;
  /** Keeps the audio of greeting and apology on disk, for voices that the `clause` lever drives. */
  phrases?: PhraseCache;
  /** What the `bridge` lever says, and when. */
  bridge?: BridgeOptions;
  /** Adds the words of both sides to the turn records. */
  transcripts?: boolean;
  /** Which of Firstword's levers are pulled, the rest being on; left out, LiveKit's defaults answer. */
  levers?: Partial<CallLevers>;
  clock?: Clock;
  /** The moment (session clock, ms) that the marks of its turn records count from; now, unless told. */
  startedMs?: number;
  events: CallEvents;
}

/** A call in progress, without a room: audio is pushed in, and paced out to the sink. */
export interface Call {
  readonly callId: string;
  /** Caller audio: mono 16 kHz, and when its first sample was spoken (session clock, ms). */
  push(samples: Int16Array, capturedAtMs: number): void;
  /** Where the caller is, the first audible sample of an answer was played at this moment (session clock, ms). */
  heard(answer: number, atMs: number): void;
  /**
   * Switches Firstword's levers: at once where nobody speaks and nothing is in hand, else when the turn in hand has
   * been answered. `onLevers` tells when. The conversation goes on, and no audio is lost. Of several, the newest counts.
   */
  useLevers(levers: CallLevers): void;
  /** Ends the call: records what is in hand and stops everything it started, but not the parts it was given. */
  close(): Promise<void>;
}

let prepared = false;

/** Loads LiveKit's local models and quiets its logger; the first call does it if nobody has. */
export function prepareCalls(): void {
  if (prepared) return;
  prepared = true;
  initializeLogger({ pretty: false, level: process.env.FIRSTWORD_LOG_LEVEL ?? 'silent' });
  loadLocalModels();
}

/** How often a call that is to change its levers looks whether it may, ms. */
const LOOK_EVERY_MS = 50;

class LeverCall implements Call {
  readonly callId: string;
  readonly #options: CallOptions;
  readonly #clock: Clock;
  readonly #startedMs: number;
  readonly #output: PacedAudioOutput;
  readonly #preRoll = new PreRoll();
  #input = new PushAudioInput();
  #session: CallSession;
  #wanted: CallLevers | undefined;
  #stopLooking: (() => void) | undefined;
  #replacing: Promise<void> = Promise.resolve();
  /** Sessions that have handed over, and close. */
  #leaving: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(options: CallOptions) {
    this.callId = options.callId;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#startedMs = options.startedMs ?? this.#clock.nowMs();
    this.#output = new PacedAudioOutput({ sink: options.sink, clock: this.#clock });
    const { levers } = options;
    this.#session = this.#newSession(levers ? { ...DEFAULT_LEVERS, ...levers } : NO_LEVERS);
  }

  async start(): Promise<void> {
    const { greeting } = this.#options;
    await this.#session.start();
    if (greeting) this.#session.say(greeting);
  }

  push(samples: Int16Array, capturedAtMs: number): void {
    this.#preRoll.push(samples, capturedAtMs);
    this.#input.push(samples, capturedAtMs);
  }

  heard(answer: number, atMs: number): void {
    this.#session.heard(answer, atMs);
  }

  useLevers(levers: CallLevers): void {
    this.#wanted = { ...levers };
    if (!this.#stopLooking && !this.#closing) this.#look();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #newSession(levers: CallLevers, soFar?: CallSession['soFar']): CallSession {
    return new CallSession({
      call: this.#options,
      levers,
      clock: this.#clock,
      startedMs: this.#startedMs,
      input: this.#input,
      output: this.#output,
      ...soFar,
    });
  }

  #look(): void {
    this.#stopLooking = undefined;
    if (this.#closing || !this.#wanted) return;
    if (this.#session.isIdle) this.#replacing = this.#replace(this.#wanted);
    else this.#stopLooking = this.#clock.schedule(LOOK_EVERY_MS, () => this.#look());
  }

  /**
   * LiveKit fixes most of what a lever turns when a session is made, so another session takes over, with the
   * conversation so far and what was learned in it. The caller's audio waits for it, and it hears the last half second
   * once more, in which a word may have begun.
   */
  async #replace(levers: CallLevers): Promise<void> {
    this.#wanted = undefined;
    // Until this is done nobody else begins it.
    this.#stopLooking = () => {};
    const { events } = this.#options;
    try {
      const before = this.#session;
      this.#input = new PushAudioInput();
      for (const { samples, capturedAtMs } of this.#preRoll.frames) this.#input.push(samples, capturedAtMs);
      this.#leaving = Promise.all([this.#leaving, before.handOver()]);
      this.#session = this.#newSession(levers, before.soFar);
      await this.#session.start();
      events.onLevers?.(levers);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      events.onEnded?.(`The session with other levers could not be started: ${why}`);
    }
    this.#look();
  }

  async #close(): Promise<void> {
    this.#stopLooking?.();
    await this.#replacing;
    await Promise.all([this.#session.close(), this.#leaving]);
    this.#output.close();
  }
}

/** Starts a real LiveKit `AgentSession` on the given parts, observed, and greets the caller. */
export async function startCall(options: CallOptions): Promise<Call> {
  prepareCalls();
  const call = new LeverCall(options);
  await call.start();
  return call;
}
