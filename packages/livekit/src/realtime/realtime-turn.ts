import type { TurnObservation } from '@firstword/turn';
import type { llm } from '@livekit/agents';

/** One response of a realtime model. Times on the session's clock, ms; `undefined` if not seen. */
export interface RealtimeResponse {
  id: string;
  /** The session has asked for it; otherwise the provider's turn detection has. */
  isAskedFor: boolean;
  /** When the session asked for it. */
  requestedMs?: number;
  /**
   * The provider does not report the end of a turn, nor that it has begun a response: its first output is the first that is known of
   * it.
   */
  isFirstReport?: true;
  /** Reports of the provider, at their arrival. Of `isFirstReport`: its first output, and until then LiveKit's first event. */
  createdMs: number;
  firstTextMs?: number;
  /** The text is the transcript of the response's audio, not the response itself. */
  isTranscript?: boolean;
  firstAudioMs?: number;
  /** The newest audio, and the duration of all that has come, ms. */
  lastAudioMs?: number;
  audioMs?: number;
  /** Arrival of the first audio with a sample above the audible threshold. */
  audibleMs?: number;
  /** When that sample is heard if the audio is played as it comes. */
  heardMs?: number;
  toolCallMs?: number;
  /** Id of its message in the conversation. */
  messageId?: string | undefined;
  doneMs?: number;
  /** Status in the provider's words, such as `completed`; `undefined` until it is done. */
  status?: string;
  /** Code of the error of a failed response, in the provider's words. */
  errorCode?: string;
  promptTokens?: number;
  completionTokens?: number;
  cachedTokens?: number;
  audioInputTokens?: number;
  audioOutputTokens?: number;
}

/** How a realtime provider ended the caller's turn. Times on the session's clock, ms. */
export interface RealtimeTurnEnd {
  /** Its report had arrived. */
  reportedMs: number;
  /** The audio at which it decided had reached the agent, and had been sent. Only where it says where that is. */
  audioHeardMs?: number;
  audioSentMs?: number;
  /** The provider's id of the caller's message, which the chat history uses too. */
  itemId?: string;
}

/** A realtime model as the record names it. */
export interface RealtimeModelName {
  provider: string;
  model: string;
  /** Profile of the emulator; `undefined` for a real provider. */
  emulatedProfile?: string | undefined;
}

/** What was observed of a turn that a realtime model answers. */
export interface RealtimeTurn {
  model: RealtimeModelName;
  /** `undefined` if the session ended the turn, or if the provider has not reported it. */
  end?: RealtimeTurnEnd;
  /** The provider ended the turn and did not report it. */
  isEndUnreported?: true;
  /** Settings of the provider's turn detection that can own its wait. */
  settings: NonNullable<TurnObservation['settings']>;
  responses: RealtimeResponse[];
  /** When the last tools had returned, of a model that goes on by itself then. */
  toolsReturnedMs?: number;
  /** How the turn was rescued, because no answer was heard, or not all of it. */
  rescue?: TurnRescue;
  /** Work that the voice model has handed over: when, and when it had the result. */
  delegated?: { createdMs: number; sentMs: number };
  /** An LLM answers: the words of the turn were there, and the agent's own logic was done. */
  answered?: { wordsMs: number | undefined; readyMs: number };
}

/** Why the answer of a realtime model is replaced. */
export type RescueReason =
  /** The response was completed without an audible sample. */
  | 'empty'
  /** The response failed: an error of the provider, or its rate limit. */
  | 'failed'
  /** The provider has not begun a response. */
  | 'not_created'
  /** The response has words and no audio, or audio that is silence. */
  | 'no_audio'
  /** Nothing audible came within `afterMs`. */
  | 'late'
  /** The answer was audible, and its audio has stopped in the middle. */
  | 'stopped'
  /** The connection was lost, and the answer with it. */
  | 'connection_lost';

/** How a turn is answered whose answer does not come. */
export interface TurnRescue {
  /** When it was decided. Session clock, ms. */
  atMs: number;
  reason: RescueReason;
  /** The realtime model is asked again, an LLM and the TTS answer, or the caller is asked to repeat what was lost. */
  by: 'model' | 'cascade' | 'repeat';
  /** The LLM of a cascade. */
  llm?: llm.LLM;
  /** The provider had not ended the turn: the connection was lost while the caller spoke. */
  isUnended?: true;
  /** The provider does not report the end of a turn. */
  isUnreported?: true;
  /** First audible sample after it. */
  audibleMs?: number;
}

/**
 * Whether a response was completed without anything to hear: no audible sample, no tool call, and no text that a TTS speaks.
 * @param hasTts the session has a TTS, which speaks text without audio
 */
export function isSilent(response: RealtimeResponse, hasTts: boolean): boolean {
  const { status, audibleMs, firstAudioMs, firstTextMs, toolCallMs, isTranscript } = response;
  const isTextAlone = firstTextMs !== undefined && firstAudioMs === undefined && !isTranscript;
  return (
    (status === 'completed' || status === 'incomplete') &&
    audibleMs === undefined &&
    toolCallMs === undefined &&
    !(isTextAlone && hasTts)
  );
}

/** Whether the turn's newest response has called tools, and the provider answers with another response by itself. */
export function awaitsReplyToTools({ isEndUnreported, responses }: RealtimeTurn): boolean {
  return isEndUnreported === true && responses.at(-1)?.toolCallMs !== undefined;
}
