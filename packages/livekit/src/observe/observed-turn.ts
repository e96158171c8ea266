import type { TurnObservation } from '@firstword/turn';
import type { voice } from '@livekit/agents';
import type { LlmRequest } from '../llm/llm.js';
import type { PreparedRequest } from '../llm/prepared-llm.js';
import type { RealtimeTurn } from '../realtime/realtime-turn.js';
import type { TTSTrace } from '../tts/tts-trace.js';
import type { PartError } from './turn-failure.js';

/** Name of an STT or TTS. */
export interface SpeechPart {
  provider: string;
  model: string;
  voice?: string;
}

/** The work for one answer, in the order in which it started. Work from before the commit was speculation. */
export interface TurnWork {
  requests: LlmRequest[];
  ttsTraces: TTSTrace[];
  /** Requests for which `prepare` ran. */
  prepared: PreparedRequest[];
  /** Unrecoverable errors of the LLM and the TTS. */
  errors: PartError[];
}

/** No work yet. */
export const noWork = (): TurnWork => ({ requests: [], ttsTraces: [], prepared: [], errors: [] });

/** A tool call. Times on the session's clock, ms. */
export interface ToolRunFacts {
  name: string;
  startedMs: number;
  /** `undefined` while it runs. */
  endedMs?: number;
  isError?: boolean;
  isSpeculative?: boolean;
}

/** A stretch of audible speech of the agent. Times on the session's clock, ms. */
export interface HeardSpan {
  fromMs: number;
  toMs: number;
  isFiller?: boolean;
}

/** The caller spoke while the agent could be heard. Times on the session's clock, ms. */
export interface InterruptionFacts {
  /** The caller's first sample. */
  callerFromMs: number;
  /** The agent's last audible sample; `undefined` while it has not stopped. */
  stoppedMs?: number;
  isFalse?: boolean;
  /** When speech went on after a false stop. */
  resumedMs?: number;
}

/** Everything observed of one caller turn and its answer. Times on the session's clock, ms; `undefined` if not observed. */
export interface TurnFacts {
  turn: number;
  /** Wall time of the commit, Unix ms. */
  wallMs: number;
  /** Session-clock time that the record's marks count from. */
  callStartMs: number;
  speechEndedMs?: number | undefined;
  /** Times of all interim transcripts, in order. */
  interimsMs?: readonly number[] | undefined;
  finalMs?: number | undefined;
  endpointingElapsedMs?: number | undefined;
  committedMs: number;
  /** LiveKit's id of the answer's speech handle. */
  speechId?: string | undefined;
  logicStartedMs: number;
  logicEndedMs: number;
  work: TurnWork;
  publishedMs?: number | undefined;
  audibleMs?: number | undefined;
  callerHeardMs?: number | undefined;
  /** Whether the session's output reports when audio is audible; `undefined` without an audio output. */
  isOutputTraced?: boolean | undefined;
  /** LiveKit's id of what was said at once in place of the turn's own speech, which had ended without an answer. */
  saidInstead?: string;
  /** The caller's speech brought no words, and the caller was asked to repeat it. */
  hasAskedAgain?: boolean;
  /** The call ended before the answer did. */
  isCallOver?: boolean;
  interrupted: boolean;
  /** When the answer was interrupted. */
  cutMs?: number;
  bargeIn: boolean;
  repaired?: TurnObservation['repaired'];
  toolCalls: number;
  /** The tools that were run for this turn; `undefined` for a session without a cascade. */
  tools?: ToolRunFacts[];
  /** When the agent could be heard. */
  speech?: readonly HeardSpan[];
  /** When the caller spoke over the agent, since the record before. */
  interruptions?: readonly InterruptionFacts[];
  /** `undefined` for a turn of a cascade. */
  realtime?: RealtimeTurn | undefined;
  stt?: SpeechPart | undefined;
  tts?: SpeechPart | undefined;
  levers?: Readonly<Record<string, boolean>> | undefined;
  transport?: TurnObservation['transport'];
  settings: NonNullable<TurnObservation['settings']>;
  callerText?: string | undefined;
  agentText?: string | undefined;
}

/** The answer ends here: audio scheduled for later is never sent. */
export function cutAt(facts: TurnFacts, nowMs: number): void {
  facts.interrupted = true;
  facts.cutMs = nowMs;
  if (facts.publishedMs !== undefined && facts.publishedMs > nowMs) facts.publishedMs = undefined;
  if (facts.audibleMs !== undefined && facts.audibleMs > nowMs) facts.audibleMs = undefined;
}

/** The committed turn whose answer has not ended. */
export interface OpenTurn {
  facts: TurnFacts;
  /** The output's number of the answer, once it is published. */
  answer?: number;
  /** Whether the audio that was published first has ended. After it, tools may run and more of the answer may follow. */
  ended: boolean;
  /** The speech that the turn ends with: its own, or the one that was said in its place. */
  speech?: voice.SpeechHandle | undefined;
}
