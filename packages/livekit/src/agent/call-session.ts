import type { Clock } from '@firstword/turn';
import { type llm, voice } from '@livekit/agents';
import { FirstwordLLM } from '../llm/llm.js';
import { SessionObserver } from '../observe/observer.js';
import { type CallLearning, newLearning } from '../session/learning.js';
import { attachLowLatency, lowLatency } from '../session/low-latency.js';
import { LocalSTT } from '../stt/local-stt.js';
import type { PushAudioInput } from '../transport/audio-input.js';
import type { PacedAudioOutput } from '../transport/audio-output.js';
import { LocalTTS } from '../tts/local-tts.js';
import { apologise } from './apologise.js';
import type { CallEvents, CallLevers, CallOptions } from './call.js';
import { keptPhrases } from './kept-phrases.js';
import { LiveText } from './live-text.js';
import { Lull } from './lull.js';

/** What a session of a call begins with. */
export interface CallSessionOptions {
  call: CallOptions;
  levers: CallLevers;
  clock: Clock;
  startedMs: number;
  input: PushAudioInput;
  output: PacedAudioOutput;
  /** What was said, and how many turns there were, in the sessions before. */
  history?: llm.ChatContext;
  turnsBefore?: number;
  /** What they learned. */
  learning?: CallLearning;
}

/** Tells the call's listener what the session tells. Returns how to stop. */
function relay(session: voice.AgentSession, events: CallEvents): () => void {
  const { AgentSessionEventTypes: Event } = voice;
  const stops: (() => void)[] = [];
  const on = <E extends Parameters<typeof session.on>[0]>(
    event: E,
    handler: Parameters<typeof session.on<E>>[1],
  ) => {
    session.on(event, handler);
    stops.push(() => session.off(event, handler));
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

/** One LiveKit session of a call. A call has another after each change of its levers. */
export class CallSession {
  readonly levers: CallLevers;
  readonly #learning: CallLearning;
  readonly #session: voice.AgentSession;
  readonly #agent: LiveText;
  readonly #observer: SessionObserver;
  readonly #lull: Lull;
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
      learning = newLearning(),
    } = options;
    const { events, callId, transcripts } = call;
    const model = new FirstwordLLM(call.llm);
    const parts = { stt: new LocalSTT(call.stt), llm: model, tts: new LocalTTS(call.tts, { clock }) };
    const bridge = levers.bridge && call.bridge ? { bridge: call.bridge } : {};
    const said = { ...keptPhrases(call), ...bridge };
    const session = new voice.AgentSession(lowLatency({ ...parts, levers, learning, ...said }));
    this.#learning = learning;
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
    });
    this.#lull = new Lull({ session, clock, isAnswering: () => this.#observer.isAnswering });
    this.#stopRelay = relay(session, events);
    if (call.apology) apologise(session, model, call.apology);
    this.#agent = new LiveText({
      instructions: call.instructions,
      history,
      onText: (text) => events.onTranscript?.('agent', text, false),
    });
  }

  /** Nobody speaks and nothing is in hand: another session can take over, and nobody notices. */
  get isIdle(): boolean {
    return this.#lull.isNow;
  }

  /** What a session that takes over goes on from. */
  get soFar(): { history: llm.ChatContext; turnsBefore: number; learning: CallLearning } {
    return { history: this.#agent.said, turnsBefore: this.#observer.turns, learning: this.#learning };
  }

  async start(): Promise<void> {
    await this.#session.start({ agent: this.#agent });
  }

  say(text: string): void {
    this.#session.say(text);
  }

  heard(answer: number, atMs: number): void {
    this.#observer.heard(answer, atMs);
  }

  /**
   * Lets go of the caller's ears and mouth, without a word: the call goes on in another session. Resolves when this one
   * has closed, which LiveKit takes half a second for.
   */
  async handOver(): Promise<void> {
    this.#stopRelay();
    this.#observer.close();
    // What is learned from here on is the next session's.
    this.#detach();
    this.#detach = () => {};
    this.#session.input.audio = null;
    this.#session.output.audio = null;
    await this.close();
  }

  async close(): Promise<void> {
    await this.#session.close();
    this.#detach();
    this.#lull.close();
    this.#observer.close();
  }
}
