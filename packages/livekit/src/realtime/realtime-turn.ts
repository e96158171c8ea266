import type { TurnObservation } from '@firstword/turn';

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
  firstAudioMs?: number;
  /** Arrival of the first audio with a sample above the audible threshold. */
  audibleMs?: number;
  toolCallMs?: number;
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
  /** When the model was asked again, because no answer was heard. */
  rescuedMs?: number;
}

/** Whether a response was completed without anything: no audible sample, no text alone, no tool call. */
export function isSilent(response: RealtimeResponse): boolean {
  const { status, audibleMs, firstAudioMs, firstTextMs, toolCallMs } = response;
  const isTextAlone = firstTextMs !== undefined && firstAudioMs === undefined;
  return (
    (status === 'completed' || status === 'incomplete') &&
    audibleMs === undefined &&
    toolCallMs === undefined &&
    !isTextAlone
  );
}

/** Whether the turn's newest response has called tools, and the provider answers with another response by itself. */
export function awaitsReplyToTools({ isEndUnreported, responses }: RealtimeTurn): boolean {
  return isEndUnreported === true && responses.at(-1)?.toolCallMs !== undefined;
}
