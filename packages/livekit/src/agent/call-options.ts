import type { LanguageModel } from '@firstword/llm';
import type { Clock, SpeechToText, TextToSpeech, TurnRecord } from '@firstword/turn';
import type { Levers } from '../session/low-latency.js';
import type { PlayoutSink } from '../transport/playout.js';
import type { FillerOptions } from '../tts/filler.js';
import type { PhraseCache } from '../tts/phrase-cache.js';

export type AgentState = 'listening' | 'thinking' | 'speaking';

/** What can be switched in a call. */
export interface CallLevers extends Levers {
  /** A phrase is said where an answer is late; it needs the `clause` lever, and `CallOptions.bridge`. */
  filler?: boolean;
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
  onLeversChanged?(levers: CallLevers): void;
  /** The session ended by itself. */
  onEnded?(reason: string): void;
}

export interface StartCallOptions {
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
  filler?: FillerOptions;
  /** Adds the words of both sides to the turn records. */
  transcripts?: boolean;
  /** Which of Firstword's levers are pulled, the rest being on; left out, LiveKit's defaults answer. */
  levers?: Partial<CallLevers>;
  clock?: Clock;
  /** The moment (session clock, ms) that the marks of its turn records count from; now, unless told. */
  startedMs?: number;
  events: CallEvents;
}
