import type { Marks, TurnFailure, TurnObservation } from '@firstword/turn';
import type { voice } from '@livekit/agents';
import { activityParts } from '../internals/session-activity.js';
import {
  isSilent,
  type RealtimeResponse,
  type RealtimeTurn,
  type RealtimeTurnEnd,
  type TurnRescue,
} from '../realtime/realtime-turn.js';
import type { TranscriptAnswer } from '../realtime/transcript-answers.js';
import { hasSpeechEdges, tracedOutput } from '../transport/traced.js';
import type { CommitContext } from './commit-facts.js';
import type { TurnFacts } from './observed-turn.js';

/** The longest wait of a provider's turn detection, ms: eight seconds, of OpenAI's semantic VAD, and what surrounds it. */
const LONGEST_WAIT_MS = 10_000;

/** The facts of a turn at the provider's report that it is over; of one that does not report it, at its first output. */
export function realtimeFacts(end: RealtimeTurnEnd, context: CommitContext): TurnFacts {
  const { session, clock, speech } = context;
  const { tts } = activityParts(session);
  const input = session.input.audio;
  const untilMs = end.audioHeardMs ?? end.reportedMs;
  return {
    turn: context.turn,
    wallMs: clock.wallMs() - (clock.nowMs() - end.reportedMs),
    callStartMs: context.callStartMs,
    speechEndedMs: hasSpeechEdges(input)
      ? input.edges.lastSpeech(untilMs - LONGEST_WAIT_MS, untilMs)
      : undefined,
    committedMs: end.reportedMs,
    logicStartedMs: end.reportedMs,
    logicEndedMs: end.reportedMs,
    work: context.work,
    isOutputTraced: session.output.audio ? tracedOutput(session.output.audio) !== undefined : undefined,
    interrupted: false,
    bargeIn: speech.bargeIn,
    toolCalls: 0,
    tts: tts && { provider: tts.provider, model: tts.model },
    settings: {},
    levers: context.levers,
    transport: context.transport,
    callerText: context.transcripts && context.speech.words !== '' ? context.speech.words : undefined,
  };
}

/** The response that was heard: the last one with audio before the first frame was published, else the last one. */
function playedResponse({ responses }: RealtimeTurn, publishedMs = Number.POSITIVE_INFINITY) {
  const played = responses.findLast((r) => (r.firstAudioMs ?? Number.POSITIVE_INFINITY) <= publishedMs);
  return played ?? responses.at(-1);
}

/** The marks of a turn that a realtime model answers, on the session's clock, ms. */
export function realtimeMarks(realtime: RealtimeTurn, publishedMs: number | undefined): Marks {
  const { end, responses, rescue, answered } = realtime;
  const upTo: Marks = {
    turnEndAudio: end?.audioHeardMs,
    turnEndSent: end?.audioSentMs,
    turnEndReported: end?.reportedMs,
    responseCreated: answered ? undefined : responses[0]?.createdMs,
  };
  if (answered) {
    const { wordsMs, readyMs } = answered;
    const logic = { logicStarted: wordsMs, logicEnded: readyMs };
    return { ...upTo, finalTranscript: wordsMs, turnCommitted: wordsMs, ...logic };
  }
  // What was audible before it has ended the gap.
  const rescueStarted = rescue?.reason === 'stopped' ? undefined : rescue?.atMs;
  // An LLM has answered: its marks are those of a cascade.
  if (rescueStarted !== undefined && rescue?.llm) return { ...upTo, rescueStarted };
  const played = playedResponse(realtime, publishedMs);
  const tools =
    played && responses.slice(0, responses.indexOf(played)).findLast((r) => r.toolCallMs !== undefined);
  const isText = played?.firstAudioMs === undefined;
  const work = realtime.delegated;
  return {
    ...upTo,
    // GPT-Live reports no end of a turn: handing the work over is its first report of one.
    ...(work ? { turnEndReported: work.createdMs, responseCreated: work.createdMs } : {}),
    firstContent: work?.createdMs ?? tools?.toolCallMs ?? (isText ? played?.firstTextMs : undefined),
    toolsReturned: work?.sentMs ?? (tools && (played?.requestedMs ?? realtime.toolsReturnedMs)),
    responseAudio: played?.firstAudioMs,
    rescueStarted,
  };
}

/** Why the turn's newest response gave no answer, or not all of it. */
export function realtimeFailure(
  { responses, rescue, answered }: RealtimeTurn,
  { isHeard, hasTts }: { isHeard: boolean; hasTts: boolean },
): TurnFailure | undefined {
  if (answered) return undefined;
  if (rescue?.reason === 'stopped') return { part: 'llm', code: 'bad_stream' };
  if (rescue?.audibleMs !== undefined) return undefined;
  const newest = responses.at(-1);
  if (newest?.status === 'failed') {
    const isLimit = newest.errorCode === 'rate_limit_exceeded';
    return { part: 'llm', code: isLimit ? 'rate_limited' : 'provider_unavailable' };
  }
  if (rescue?.reason === 'connection_lost') return { part: 'llm', code: 'connect_failed' };
  if (!newest || isHeard || !isSilent(newest, hasTts)) return undefined;
  const hasOutput = newest.firstAudioMs !== undefined || newest.firstTextMs !== undefined;
  return { part: 'llm', code: hasOutput ? 'no_audio' : 'empty_answer' };
}

type Counted =
  | 'promptTokens'
  | 'completionTokens'
  | 'cachedTokens'
  | 'audioInputTokens'
  | 'audioOutputTokens';

/** The sum over the responses that report it, as a field; none if none does. */
function sumOf<Name extends Counted>(
  responses: readonly RealtimeResponse[],
  name: Name,
): { [N in Name]?: number } {
  const known = responses.flatMap((response) => response[name] ?? []);
  const sum = known.reduce((total, count) => total + count, 0);
  return (known.length === 0 ? {} : { [name]: sum }) as { [N in Name]?: number };
}

/** The realtime model as the record's LLM. */
export function realtimeLlm({ model, responses }: RealtimeTurn): TurnObservation['llm'] {
  const tokens = {
    ...sumOf(responses, 'promptTokens'),
    ...sumOf(responses, 'completionTokens'),
    ...sumOf(responses, 'cachedTokens'),
  };
  return {
    provider: model.provider,
    model: model.model,
    emulated: model.emulatedProfile !== undefined,
    ...(model.emulatedProfile === undefined ? {} : { profile: model.emulatedProfile }),
    ...(Object.keys(tokens).length === 0 ? {} : { tokens }),
    requests: responses.length,
  };
}

/** The record's `realtime`. */
export function realtimeOf(turn: RealtimeTurn, hasTts: boolean): TurnObservation['realtime'] {
  const { responses, settings, end, isEndUnreported } = turn;
  const tokens = { ...sumOf(responses, 'audioInputTokens'), ...sumOf(responses, 'audioOutputTokens') };
  const detection = settings['turnDetection.type'];
  return {
    responses: responses.length,
    silentResponses: responses.filter((response) => isSilent(response, hasTts)).length,
    ...(end && typeof detection === 'string' ? { turnDetection: detection } : {}),
    ...(isEndUnreported ? { isTurnEndReported: false } : {}),
    ...(Object.keys(tokens).length === 0 ? {} : { tokens }),
  };
}

/** The record's `rescue`. */
export function rescueOf({ end, rescue }: RealtimeTurn): TurnObservation['rescue'] {
  if (!rescue) return undefined;
  const { atMs, reason, by, llm, audibleMs } = rescue;
  return {
    afterMs: Math.max(0, atMs - (end?.reportedMs ?? atMs)),
    isHeard: audibleMs !== undefined,
    reason,
    by,
    ...(llm ? { llm: { provider: llm.provider, model: llm.model } } : {}),
  };
}

/** What a rescue changes in the facts of its turn. @returns whether the audio that was sent so far is no answer */
export function noteRescue(facts: TurnFacts, rescue: TurnRescue): boolean {
  if (facts.realtime) facts.realtime.rescue = rescue;
  if (rescue.by === 'repeat') facts.hasAskedAgain = true;
  if (rescue.reason === 'stopped') return false;
  facts.publishedMs = undefined;
  // The answer has a speech of its own.
  facts.speechId = undefined;
  return true;
}

/** An LLM answers what a realtime model has heard. */
export function noteTranscriptAnswer(
  facts: TurnFacts | undefined,
  { wordsMs, readyMs }: TranscriptAnswer,
): void {
  if (!facts?.realtime) return;
  facts.realtime.answered = { wordsMs, readyMs };
  if (wordsMs === undefined) facts.hasAskedAgain = true;
}

/** Notes the first audible sample after a rescue. */
export function noteHeard(facts: TurnFacts | undefined, atMs: number): void {
  const rescue = facts?.realtime?.rescue;
  if (rescue && atMs >= rescue.atMs) rescue.audibleMs ??= atMs;
}

/** Whether the answer has stopped by itself: it is then interrupted to make place for its rest. */
export const hasStoppedByItself = ({ realtime }: TurnFacts): boolean =>
  realtime?.rescue?.reason === 'stopped';

/**
 * The speech with which the turn of a realtime model goes on after another one: it answers the results of tools in a speech of its own,
 * and so it does when it is asked again. `undefined` for a cascade.
 */
export function nextSpeech(
  realtime: RealtimeTurn | undefined,
  done: voice.SpeechHandle,
  handles: readonly voice.SpeechHandle[],
): voice.SpeechHandle | undefined {
  const isRescued = realtime?.rescue !== undefined;
  const others = handles.filter((handle) => handle !== done && !handle.interrupted);
  return realtime && others.findLast(({ parent }) => parent === done || isRescued);
}
