import type { TurnFailure, TurnOutcome } from '@firstword/turn';
import type { LlmRequest } from '../llm/llm.js';
import type { TTSTrace } from '../tts/tts-trace.js';
import type { TurnFacts } from './observed-turn.js';
import { realtimeFailure } from './realtime-facts.js';
import { turnFailureOf } from './turn-failure.js';

/** The TTS stream that was played: the last one started before the first frame was published. */
export function playedTrace(facts: TurnFacts): TTSTrace | undefined {
  const untilMs = facts.publishedMs ?? Number.POSITIVE_INFINITY;
  return facts.work.ttsTraces.findLast((v) => (v.filler?.atMs ?? v.requestedMs ?? untilMs) <= untilMs);
}

/** When the answer itself was first audible after its filler, ms; `undefined` if no answer was heard. */
export function answerAfterFillerMs(facts: TurnFacts): number | undefined {
  const trace = playedTrace(facts);
  const { audibleMs, cutMs = Number.POSITIVE_INFINITY } = facts;
  if (!trace?.filler || audibleMs === undefined) return undefined;
  // A filler that a speech of its own has said while a tool ran: the answer is the next speech.
  const fillerMs = facts.speech?.find(({ isFiller }) => isFiller)?.fromMs;
  if (fillerMs !== undefined && fillerMs <= audibleMs)
    return facts.speech!.find(({ isFiller, fromMs }) => !isFiller && fromMs > fillerMs)?.fromMs;
  if (trace.firstByteMs === undefined) return undefined;
  const atMs = Math.max(trace.firstByteMs, audibleMs + trace.filler.durationMs);
  return atMs < cutMs ? atMs : undefined;
}

/** Whether some of the turn's own answer was heard: not only a filler, nor what was said in its place. */
function isAnswerHeard(facts: TurnFacts): boolean {
  const heardMs = facts.audibleMs ?? (facts.isOutputTraced === false ? facts.publishedMs : undefined);
  if (heardMs === undefined || facts.saidInstead) return false;
  return playedTrace(facts)?.filler === undefined || answerAfterFillerMs(facts) !== undefined;
}

const isOf =
  ({ speechId, saidInstead }: TurnFacts) =>
  (request: LlmRequest) =>
    request.speechId === undefined ||
    speechId === undefined ||
    request.speechId === speechId ||
    request.speechId === saidInstead;

/** Why the newest LLM request gave no answer, or not all of it. Earlier ones were superseded, retried, or called tools. */
function requestFailure(request: LlmRequest | undefined, isHeard: boolean): TurnFailure | undefined {
  if (!request) return undefined;
  const { outcome, error, marks } = request.trace;
  if (outcome === 'failed') return turnFailureOf('llm', error);
  if (outcome !== 'finished') return undefined;
  if (request.isCutShort) return { part: 'llm', code: 'bad_stream' };
  const isEmpty = marks.firstContent === undefined && !isHeard;
  return isEmpty ? { part: 'llm', code: 'empty_answer' } : undefined;
}

function failureOf(facts: TurnFacts, isHeard: boolean): TurnFailure | undefined {
  const hasTts = facts.tts !== undefined;
  const ofRealtime = facts.realtime && realtimeFailure(facts.realtime, { isHeard, hasTts });
  if (ofRealtime) return ofRealtime;
  const newest = facts.work.requests.findLast(isOf(facts));
  const ofRequest = requestFailure(newest, isHeard);
  if (ofRequest) return ofRequest;
  // An error of before the newest request was that of a speculation that it replaced.
  const sinceMs = newest?.trace.marks.llmRequested ?? Number.NEGATIVE_INFINITY;
  const reported = facts.work.errors.find(({ atMs }) => atMs >= sinceMs);
  return reported && turnFailureOf(reported.part, reported.error);
}

/** What is known of how the turn ended. */
export interface OutcomeFacts {
  outcome?: TurnOutcome;
  failure?: TurnFailure;
}

/** The connection to a realtime model was lost, and the caller's words with it. */
const LOST: TurnFailure = { part: 'llm', code: 'connect_failed' };

/** Of a turn in which nothing failed and nothing was heard. */
function silentOutcome(facts: TurnFacts): OutcomeFacts {
  const { requests } = facts.work;
  if (facts.isOutputTraced === undefined) return {};
  if (facts.toolCalls > 0) return { outcome: 'tool_only' };
  const hasContent = requests.some(({ trace }) => trace.marks.firstContent !== undefined);
  return hasContent ? { outcome: 'failed', failure: { part: 'tts', code: 'no_audio' } } : {};
}

/**
 * How a turn ended. A turn that failed and was then interrupted has failed: what the caller said afterwards did not cause that.
 *
 * @param final whether the turn is over; before that, an outcome is only given if it cannot change
 */
export function outcomeOfFacts(facts: TurnFacts, final: boolean): OutcomeFacts {
  if (facts.hasAskedAgain) {
    const isLost = facts.realtime?.rescue?.by === 'repeat';
    const failure = isLost ? LOST : { part: 'stt' as const, code: 'no_words' };
    return { outcome: 'asked_again', failure };
  }
  const isHeard = isAnswerHeard(facts);
  const failure = failureOf(facts, isHeard);
  if (failure) {
    if (isHeard) return { outcome: 'cut_short', failure };
    if (facts.saidInstead) return { outcome: 'apology', failure };
    return final ? { outcome: 'failed', failure } : {};
  }
  if (!final) return {};
  if (facts.interrupted || facts.isCallOver) return { outcome: 'interrupted' };
  return isHeard || facts.audibleMs !== undefined ? { outcome: 'answered' } : silentOutcome(facts);
}
