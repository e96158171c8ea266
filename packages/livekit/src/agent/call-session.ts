import type { Clock } from '@firstword/turn';
import { type llm, stt, tts, voice } from '@livekit/agents';
import { FirstwordLLM } from '../llm/llm.js';
import { listenTo } from '../observe/listen-to.js';
import { SessionObserver } from '../observe/observer.js';
import { isolated } from '../observe/user-callback.js';
import { emptyLearnedState, type LearnedState } from '../session/learned-state.js';
import { attachLowLatency } from '../session/low-latency.js';
import { cascade } from '../session/preset.js';
import { LocalSTT } from '../stt/local-stt.js';
import type { PushAudioInput } from '../transport/audio-input.js';
import type { PacedAudioOutput } from '../transport/audio-output.js';
import { LocalTTS } from '../tts/local-tts.js';
import { apologise } from './apologise.js';
import { cachedPhrases } from './cached-phrases.js';
import type { CallEvents, CallLevers, StartCallOptions } from './call-options.js';
import { IdleDetector } from './idle-detector.js';
import { LiveTranscriptAgent } from './live-transcript-agent.js';

/** Options of `CallSession`. */
export interface CallSessionOptions {
  call: StartCallOptions;
  levers: CallLevers;
  clock: Clock;
  startedMs: number;
  input: PushAudioInput;
  output: PacedAudioOutput;
  /** History and number of turns of the call's earlier sessions. */
  history?: llm.ChatContext;
  turnsBefore?: number;
  /** What they have learned. */
  learned?: LearnedState;
}

/** Passes the session's events to the call's callbacks. Returns a stop function. */
export function relay(session: voice.AgentSession, events: CallEvents): () => void {
  const { AgentSessionEventTypes: Event } = voice;
  const stops: (() => void)[] = [];
  const listen = listenTo(session, stops);
  const on = <E extends Parameters<typeof session.on>[0]>(
    event: E,
    handler: Parameters<typeof session.on<E>>[1],
  ) => {
    listen(event, isolated('a callback of the call', handler as (event: never) => void) as typeof handler);
  };
  on(Event.AgentStateChanged, ({ newState }) => {
    if (newState === 'listening' || newState === 'thinking' || newState === 'speaking') {
      events.onAgentState?.(newState);
    }
  });
  on(Event.UserInputTranscribed, (e) => events.onTranscript?.('caller', e.transcript, e.isFinal));
  on(Event.ConversationItemAdded, ({ item }) => {
    if (item.type === 'message' && item.role === 'assistant' && item.textContent) {
      events.onTranscript?.('agent', item.textContent, true);
    }
  });
  on(Event.Error, ({ error }) => {
    const source = error.type === 'stt_error' ? 'stt' : error.type === 'tts_error' ? 'tts' : 'llm';
    const cause = 'error' in error && error.error instanceof Error ? error.error.message : String(error);
    events.onError?.(source, cause);
  });
  on(Event.Close, (e) => events.onEnded?.(String(e.reason)));
  return () => {
    for (const stop of stops.splice(0)) stop();
  };
}

/** One LiveKit session of a call. */
export interface OpenCallSession {
  /** Nobody speaks and no turn is open: another session can take over unnoticed. */
  readonly isIdle: boolean;
  /** The state that the next session starts with. */
  readonly handoverState: { history: llm.ChatContext; turnsBefore: number; learned: LearnedState };
  start(): Promise<void>;
  say(text: string): void;
  callerHeard(answer: number, atMs: number): void;
  /** Releases the caller's audio input and output silently: the call goes on in another session. */
  handOver(): Promise<void>;
  close(): Promise<void>;
}

/** The session of a cascade. Each change of levers starts a new one. */
export class CallSession implements OpenCallSession {
  readonly levers: CallLevers;
  readonly #learned: LearnedState;
  readonly #session: voice.AgentSession;
  readonly #agent: LiveTranscriptAgent;
  readonly #observer: SessionObserver;
  readonly #idleDetector: IdleDetector;
  readonly #stopRelay: () => void;
  #detach: () => void;

  constructor(options: CallSessionOptions) {
    const {
      call,
      levers,
      clock,
      startedMs,
      input,
      output,
      history,
      turnsBefore = 0,
      learned = emptyLearnedState(),
    } = options;
    const { events, callId, transcripts } = call;
    const model = new FirstwordLLM(call.llm);
    const parts = {
      stt: call.stt instanceof stt.STT ? call.stt : new LocalSTT(call.stt),
      llm: model,
      tts: call.tts instanceof tts.TTS ? call.tts : new LocalTTS(call.tts, { clock }),
    };
    // The filler is a lever of calls only: a session has the option `filler`.
    const { filler: isFillerOn, ...sessionLevers } = levers;
    const filler = isFillerOn && call.filler ? { filler: call.filler } : {};
    const said = { ...cachedPhrases(call), ...filler };
    const session = new voice.AgentSession(
      cascade({ ...parts, levers: sessionLevers, learning: learned, ...said }),
    );
    this.#learned = learned;
    this.levers = levers;
    this.#session = session;
    this.#detach = attachLowLatency(session);
    session.input.audio = input;
    session.output.audio = output;
    this.#observer = new SessionObserver({
      session,
      callId,
      clock,
      ...(transcripts === undefined ? {} : { transcripts }),
      callStartMs: startedMs,
      levers,
      turnsBefore,
      onTurn: events.onTurn,
      ...(events.onCall ? { onCall: (record) => events.onCall?.(record) } : {}),
    });
    this.#idleDetector = new IdleDetector({ session, clock, isAnswering: () => this.#observer.isAnswering });
    this.#stopRelay = relay(session, events);
    if (call.apology) apologise(session, model, call.apology);
    this.#agent = new LiveTranscriptAgent({
      instructions: call.instructions,
      history,
      onText: isolated('onTranscript', (text) => events.onTranscript?.('agent', text, false)),
    });
  }

  /** Nobody speaks and no turn is open: another session can take over unnoticed. */
  get isIdle(): boolean {
    return this.#idleDetector.isIdle;
  }

  /** The state that the next session starts with. */
  get handoverState(): { history: llm.ChatContext; turnsBefore: number; learned: LearnedState } {
    return { history: this.#agent.historyItems, turnsBefore: this.#observer.turns, learned: this.#learned };
  }

  async start(): Promise<void> {
    await this.#session.start({ agent: this.#agent });
  }

  say(text: string): void {
    this.#session.say(text);
  }

  callerHeard(answer: number, atMs: number): void {
    this.#observer.callerHeard(answer, atMs);
  }

  /**
   * Releases the caller's audio input and output silently: the call goes on in another session. Resolves when this session
   * has closed, which takes LiveKit half a second.
   */
  async handOver(): Promise<void> {
    this.#stopRelay();
    this.#observer.close();
    // From here on only the next session updates the learned state.
    this.#detach();
    this.#detach = () => {};
    this.#session.input.audio = null;
    this.#session.output.audio = null;
    await this.close();
  }

  async close(): Promise<void> {
    await this.#session.close();
    this.#detach();
    this.#idleDetector.close();
    this.#observer.close();
  }
}
