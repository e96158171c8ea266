import type { LanguageModel } from '@firstword/llm';
import type { CallRecord, Clock, SpeechToText, TextToSpeech, TurnRecord } from '@firstword/turn';
import type { llm, stt, tts } from '@livekit/agents';
import type { Levers } from '../session/levers.js';
import type { PlayoutSink } from '../transport/playout.js';
import type { FillerOptions } from '../tts/filler.js';
import type { PhraseCache } from '../tts/phrase-cache.js';

/** What the agent is doing. */
export type AgentState = 'listening' | 'thinking' | 'speaking';

/** The levers of a call. */
export interface CallLevers extends Levers {
  /** Say a filler when an answer is late; needs the `clause` lever and `StartCallOptions.filler`. Default off. */
  filler?: boolean;
}

/** Callbacks of a call. */
export interface CallEvents {
  /** A turn's record: when the answer becomes audible, and again with `final` true when it has ended. */
  onTurn(record: TurnRecord, final: boolean): void;
  /** The call's record, which has its time to hello: once, and again when the caller's side reports when it played the greeting. */
  onCall?(record: CallRecord): void;
  onAgentState?(state: AgentState): void;
  onTranscript?(who: 'caller' | 'agent', text: string, final: boolean): void;
  /** STT, LLM or TTS failed; the call goes on. The message says what to do. */
  onError?(source: 'stt' | 'llm' | 'tts', message: string): void;
  /** These levers, set by `setLevers`, apply from the next turn on. */
  onLeversChanged?(levers: CallLevers): void;
  /** The session ended by itself. */
  onEnded?(reason: string): void;
}

/** A realtime model in the place of a cascade. */
export interface RealtimeCallParts {
  /** It gets the caller's audio at 24 kHz. */
  model: llm.RealtimeModel | llm.DuplexModel;
  /**
   * `itself`: the model answers; in text mode the TTS speaks the answer. `llm`: the model only hears, and the call's LLM
   * answers. With GPT-Live, the LLM answers what the model delegates.
   */
  answers: 'itself' | 'llm';
}

/** Options of `startCall`. */
export interface StartCallOptions {
  callId: string;
  /** An engine, or one of LiveKit's STTs. */
  stt: SpeechToText | stt.STT;
  llm: LanguageModel;
  /** An engine, or one of LiveKit's TTSs. Its audio is resampled to 24 kHz if it has another rate. */
  tts: TextToSpeech | tts.TTS;
  /**
   * A realtime model that hears the caller. `stt` is then not used, and `llm` and `tts` are used only if the model does not
   * do their work.
   */
  realtime?: RealtimeCallParts | undefined;
  /** Receives the agent's audio: 24 kHz mono, in real time. */
  sink: PlayoutSink;
  instructions: string;
  /** Text that is said as soon as the call has started. */
  greeting?: string;
  /**
   * Text that is said when the LLM or the TTS fails in a turn, because callers who hear silence think that the line has
   * dropped.
   */
  apology?: string;
  /** Caches the audio of greeting and apology on disk; needs the `clause` or `trimSilence` lever. */
  phrases?: PhraseCache;
  /** Phrases of the `filler` lever, and when it says them. */
  filler?: FillerOptions;
  /** Write the words of both sides into the turn records. Default `false`. */
  transcripts?: boolean;
  /** Levers that differ from `DEFAULT_LEVERS`. Without this option all levers are off: LiveKit's defaults. */
  levers?: Partial<CallLevers>;
  clock?: Clock;
  /** Origin of the marks in turn records, session clock, ms. Default: now. */
  startedMs?: number;
  events: CallEvents;
}
