import { isSilent, type RealtimeResponse, type RescueReason } from './realtime-turn.js';

/** A turn that waits for its answer. Times on the session's clock, ms. */
export interface AwaitedTurn {
  sinceMs: number;
  itemId: string | undefined;
  response?: RealtimeResponse;
  /** The session asks for the response: it ends the turns itself, or tools have returned. */
  isAskedFor: boolean;
  /** The rescue that waits for the caller's words. */
  waiting?: RescueReason;
  /** Its rescue waits until the realtime model can be asked again. */
  isHeldBack?: true;
  /** Its response is done without a sound, and is about to be reviewed. */
  isDone?: true;
  /** The provider has not ended it. */
  isUnended?: true;
  /** The provider does not report the end of a turn. */
  isUnreported?: true;
}

/** What is known of an answer that is waited for. Times on the session's clock, ms. */
export interface AwaitedAnswer {
  /** The provider had reported the end of the turn, or the session had asked for the answer after its tools. */
  sinceMs: number;
  /** The newest response to the turn. */
  response?: RealtimeResponse | undefined;
  /** Whether the wire reports that a response has begun before its first output. */
  isCreationReported: boolean;
  /** Whether the session speaks text without audio with a TTS of its own. */
  hasTts: boolean;
  /** `RescueOptions.afterMs`. */
  afterMs: number;
}

/** To rescue now, to look again at a time, or to wait for an event. */
export type RescueDecision = { reason: RescueReason } | { atMs: number } | undefined;

/** Providers report that a response has begun in the moment in which they end the turn. A response that has not begun by then was lost, ms. */
export const CREATED_WITHIN_MS = 1000;
/** Audio comes together with its words. Words without audio for this long have none, ms. */
const AUDIO_AFTER_WORDS_MS = 500;
/** Silence at the beginning of a response's audio. The longest of 1,344 published answers was 1,633 ms (docs/realtime.md). */
const SILENT_AUDIO_MS = 2000;
/** Audio that has been played to its end, and does not go on within this time, has stopped, ms. */
const STOPPED_AFTER_MS = 1000;

/** Decides whether an answer is rescued. Pure. */
export function rescueDecision(answer: AwaitedAnswer, nowMs: number): RescueDecision {
  const { response, sinceMs, afterMs, isCreationReported, hasTts } = answer;
  if (response?.status === 'failed') return { reason: 'failed' };
  if (response?.audibleMs !== undefined) return whileAudible(response, nowMs);
  if (response && isSilent(response, hasTts)) return { reason: 'empty' };
  // Tools take their time, and text is spoken by the TTS.
  if (response?.toolCallMs !== undefined || (response && hasTts && isTextAlone(response))) return undefined;
  const reason = withoutSound(response, nowMs);
  if (reason) return { reason };
  const isMissing = response === undefined && isCreationReported;
  const limitMs = sinceMs + (isMissing ? Math.min(CREATED_WITHIN_MS, afterMs) : afterMs);
  if (nowMs >= limitMs) return { reason: isMissing ? 'not_created' : 'late' };
  return { atMs: Math.min(limitMs, wordsLimitMs(response)) };
}

const isTextAlone = ({ firstTextMs, firstAudioMs, isTranscript }: RealtimeResponse): boolean =>
  firstTextMs !== undefined && firstAudioMs === undefined && isTranscript !== true;

/** When words without audio have waited long enough for it. */
function wordsLimitMs(response: RealtimeResponse | undefined): number {
  const { firstTextMs, firstAudioMs } = response ?? {};
  return firstTextMs === undefined || firstAudioMs !== undefined
    ? Number.POSITIVE_INFINITY
    : firstTextMs + AUDIO_AFTER_WORDS_MS;
}

function withoutSound(response: RealtimeResponse | undefined, nowMs: number): RescueReason | undefined {
  if (nowMs >= wordsLimitMs(response)) return 'no_audio';
  return (response?.audioMs ?? 0) >= SILENT_AUDIO_MS ? 'no_audio' : undefined;
}

/** The provider sends audio faster than it is played: the caller is in silence when what has come has been played. */
function whileAudible(response: RealtimeResponse, nowMs: number): RescueDecision {
  const { doneMs, firstAudioMs, audioMs, lastAudioMs } = response;
  if (doneMs !== undefined || firstAudioMs === undefined || lastAudioMs === undefined) return undefined;
  const atMs = Math.max(firstAudioMs + (audioMs ?? 0), lastAudioMs) + STOPPED_AFTER_MS;
  return nowMs >= atMs ? { reason: 'stopped' } : { atMs };
}
