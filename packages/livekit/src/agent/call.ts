import type { LanguageModel } from '@firstword/llm';
import {
  type Clock,
  type SpeechToText,
  systemClock,
  type TextToSpeech,
  type TurnRecord,
} from '@firstword/turn';
import { initializeLogger, voice } from '@livekit/agents';
import { LocalSTT } from '../hear/local-stt.js';
import { SessionObserver } from '../observe/observer.js';
import { loadLocalModels } from '../session/end-of-turn.js';
import { attachLowLatency, type Levers, lowLatency } from '../session/low-latency.js';
import { cascade } from '../session/preset.js';
import { LocalTTS } from '../speak/local-tts.js';
import { FirstwordLLM } from '../think/llm.js';
import { PushAudioInput } from '../transport/audio-input.js';
import { PacedAudioOutput } from '../transport/audio-output.js';
import type { PlayoutSink } from '../transport/playout.js';
import { apologise } from './apologise.js';

export type AgentState = 'listening' | 'thinking' | 'speaking';

/** What a call tells whoever shows it. */
export interface CallEvents {
  /** A turn's record: when the answer is first heard, and again with `final` true when it has ended. */
  onTurn(record: TurnRecord, final: boolean): void;
  onAgentState?(state: AgentState): void;
  onTranscript?(who: 'caller' | 'agent', text: string, final: boolean): void;
  /** A part failed; the call goes on. The message says what to do. */
  onError?(source: 'stt' | 'llm' | 'tts', message: string): void;
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
  /** Adds the words of both sides to the turn records. */
  transcripts?: boolean;
  /** Which of Firstword's levers are pulled, the rest being on; left out, LiveKit's defaults answer. */
  levers?: Partial<Levers>;
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

function relay(session: voice.AgentSession, events: CallEvents): void {
  const { AgentSessionEventTypes: Event } = voice;
  session.on(Event.AgentStateChanged, ({ newState }) => {
    if (newState === 'listening' || newState === 'thinking' || newState === 'speaking') {
      events.onAgentState?.(newState);
    }
  });
  session.on(Event.UserInputTranscribed, (e) => events.onTranscript?.('caller', e.transcript, e.isFinal));
  session.on(Event.ConversationItemAdded, ({ item }) => {
    if (item.type === 'message' && item.role === 'assistant' && item.textContent) {
      events.onTranscript?.('agent', item.textContent, true);
    }
  });
  session.on(Event.Error, ({ error }) => {
    const source = error.type === 'stt_error' ? 'stt' : error.type === 'tts_error' ? 'tts' : 'llm';
    const cause = 'error' in error && error.error instanceof Error ? error.error.message : String(error);
    events.onError?.(source, cause);
  });
  session.on(Event.Close, (e) => events.onEnded?.(String(e.reason)));
}

/** Shows the agent's words as they are written, before LiveKit commits them to history. */
class LiveText extends voice.Agent {
  readonly #onText: (text: string) => void;

  constructor(instructions: string, onText: (text: string) => void) {
    super({ instructions });
    this.#onText = onText;
  }

  override async transcriptionNode(
    ...args: Parameters<voice.Agent['transcriptionNode']>
  ): ReturnType<voice.Agent['transcriptionNode']> {
    const stream = await super.transcriptionNode(...args);
    let text = '';
    return (
      stream?.pipeThrough(
        new TransformStream({
          transform: (chunk, controller) => {
            text += typeof chunk === 'string' ? chunk : chunk.text;
            this.#onText(text);
            controller.enqueue(chunk);
          },
        }),
      ) ?? null
    );
  }
}

/** Starts a real LiveKit `AgentSession` on the given parts, observed, and greets the caller. */
export async function startCall(options: CallOptions): Promise<Call> {
  prepareCalls();
  const { events, callId } = options;
  const clock = options.clock ?? systemClock;
  const input = new PushAudioInput();
  const output = new PacedAudioOutput({ sink: options.sink, clock });
  const llm = new FirstwordLLM(options.llm);
  const parts = { stt: new LocalSTT(options.stt), llm, tts: new LocalTTS(options.tts, { clock }) };
  const { levers } = options;
  const session = new voice.AgentSession(levers ? lowLatency({ ...parts, levers }) : cascade(parts));
  const detach = attachLowLatency(session);
  session.input.audio = input;
  session.output.audio = output;
  const observer = new SessionObserver({
    session,
    callId,
    clock,
    ...(options.transcripts === undefined ? {} : { transcripts: options.transcripts }),
    ...(options.startedMs === undefined ? {} : { callStartMs: options.startedMs }),
    onTurn: events.onTurn,
  });
  relay(session, events);
  if (options.apology) apologise(session, llm, options.apology);
  const agent = new LiveText(options.instructions, (text) => events.onTranscript?.('agent', text, false));
  await session.start({ agent });
  if (options.greeting) session.say(options.greeting);

  let closing: Promise<void> | undefined;
  const close = async () => {
    await session.close();
    detach();
    observer.close();
    output.close();
  };
  return {
    callId,
    push: (samples, capturedAtMs) => input.push(samples, capturedAtMs),
    heard: (answer, atMs) => observer.heard(answer, atMs),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
