import type { Marks, TurnObservation } from '@firstword/turn';
import type { LlmRequest } from '../llm/llm.js';
import type { PreparedRequest } from '../llm/prepared-llm.js';
import type { TTSTrace } from '../tts/tts-trace.js';
import type { TurnFacts } from './observed-turn.js';
import { realtimeLlm, realtimeMarks, realtimeOf, rescueOf } from './realtime-facts.js';
import { answerAfterFillerMs, type OutcomeFacts, outcomeOfFacts, playedTrace } from './turn-outcome.js';

/** LiveKit rounds its times: one may be this much earlier than the event before it, ms. */
const ROUNDING_MS = 1;

/** The preparation that preceded a request. */
function preparationOf({ work }: TurnFacts, request: LlmRequest | undefined): PreparedRequest | undefined {
  const requestedMs = request?.trace.marks.llmRequested;
  if (requestedMs === undefined) return undefined;
  return work.prepared.findLast(
    ({ sentMs = Number.POSITIVE_INFINITY }) => sentMs <= requestedMs + ROUNDING_MS,
  );
}

/** When the work for an answer started, `prepare` included. */
function begunMs(facts: TurnFacts, request: LlmRequest | undefined): number | undefined {
  return preparationOf(facts, request)?.startedMs ?? request?.trace.marks.llmRequested;
}

/** Requests of answers started before the commit. */
function speculative(facts: TurnFacts): LlmRequest[] {
  const { requests } = facts.work;
  return requests.filter((r) => (begunMs(facts, r) ?? Number.POSITIVE_INFINITY) < facts.committedMs);
}

/**
 * The request whose answer was used. Of the speculations only the last can be it (each replaces the one before), unless
 * LiveKit made it for another speech. Otherwise it is the first request after the commit (later ones follow tool calls).
 * If none succeeded, it is the last that failed.
 */
function answering(facts: TurnFacts): LlmRequest | undefined {
  const { speechId } = facts;
  const { requests } = facts.work;
  const speculations = speculative(facts);
  const isMine = (r: LlmRequest) =>
    r.speechId === undefined || speechId === undefined || r.speechId === speechId;
  const isGood = (r: LlmRequest) => r.trace.outcome !== 'cancelled' && r.trace.outcome !== 'failed';
  const speculation = speculations.findLast(isMine);
  if (speculation && speculation === speculations.at(-1) && isGood(speculation)) return speculation;
  const committed = requests.find((r) => !speculations.includes(r) && isGood(r));
  return committed ?? requests.findLast((r) => r.trace.outcome === 'failed');
}

/** The request that answered the tools' results: the last one whose content came before the first frame was published. */
function afterTools(facts: TurnFacts, answer: LlmRequest | undefined): LlmRequest | undefined {
  if (facts.toolCalls === 0 || !answer) return undefined;
  const untilMs = facts.publishedMs ?? Number.POSITIVE_INFINITY;
  const { requests } = facts.work;
  const later = requests.slice(requests.indexOf(answer) + 1);
  return later.findLast(
    (r) => r.trace.outcome !== 'cancelled' && (r.trace.marks.firstContent ?? 0) <= untilMs,
  );
}

/** The TTS stream of the answer. What is said in place of an answer has no place among its marks. */
function speaking(facts: TurnFacts, { outcome }: OutcomeFacts): TTSTrace | undefined {
  return outcome === 'apology' || outcome === 'asked_again' ? undefined : playedTrace(facts);
}

/** Tokens spent on requests; `undefined` if one of them is unknown. Does not include a router's losing requests. */
function spentTokens(requests: LlmRequest[]): { tokens: number; estimated: boolean } | undefined {
  let tokens = 0;
  let estimated = false;
  for (const { trace, spent } of requests) {
    const { promptTokens, completionTokens } = trace.usage ?? {};
    // LiveKit reports 0 for a cancelled request, which means unknown.
    if (promptTokens && completionTokens !== undefined) tokens += promptTokens + completionTokens;
    else if (spent) tokens += spent.promptTokens + spent.completionTokens;
    else return undefined;
    if (!promptTokens) estimated = true;
  }
  return { tokens, estimated };
}

function speculationOf(facts: TurnFacts, answer: LlmRequest | undefined): TurnObservation['speculation'] {
  const speculations = speculative(facts);
  // A preparation that was cancelled before its LLM request counts as a speculation too, without tokens.
  const unsent = facts.work.prepared.filter((p) => p.sentMs === undefined && p.startedMs < facts.committedMs);
  const started = speculations.length + unsent.length;
  const kept = answer && speculations.includes(answer) ? 1 : 0;
  const requestedMs = begunMs(facts, answer);
  const untilMs = Math.min(facts.committedMs, answer?.trace.marks.firstContent ?? Number.POSITIVE_INFINITY);
  const wasted = spentTokens(speculations.filter((speculation) => speculation !== answer));
  return {
    started,
    kept,
    cancelled: started - kept,
    ...(wasted ? { wastedTokens: wasted.tokens } : {}),
    ...(wasted?.estimated ? { wastedTokensEstimated: true } : {}),
    ...(kept === 1 && requestedMs !== undefined ? { hiddenMs: Math.max(0, untilMs - requestedMs) } : {}),
  };
}

/** The user's own code: `prepare` if it ran, else `onUserTurnCompleted`. */
function logicOf(
  facts: TurnFacts,
  answer: LlmRequest | undefined,
): Pick<Marks, 'logicStarted' | 'logicEnded'> {
  const { logicStartedMs, logicEndedMs = logicStartedMs } = preparationOf(facts, answer) ?? {};
  if (logicStartedMs === undefined)
    return { logicStarted: facts.logicStartedMs, logicEnded: facts.logicEndedMs };
  // Work started at the commit runs after the hook.
  const hooked = logicStartedMs >= facts.logicStartedMs;
  return { logicStarted: hooked ? facts.logicStartedMs : logicStartedMs, logicEnded: logicEndedMs };
}

/** The interim that the answer was started on, else the newest. */
function interimOf(
  { interimsMs = [], committedMs }: TurnFacts,
  requestedMs: number | undefined,
): number | undefined {
  const isEarly = requestedMs !== undefined && requestedMs < committedMs;
  return (isEarly ? interimsMs.findLast((ms) => ms <= requestedMs) : undefined) ?? interimsMs.at(-1);
}

/** The steps up to the request, of a turn that the session has ended; a provider's turn detection has none of them. */
function commitMarks(facts: TurnFacts, answer: LlmRequest | undefined): Marks {
  if (facts.realtime?.end || facts.realtime?.isEndUnreported) return {};
  const requestedMs = begunMs(facts, answer);
  return {
    interimTranscript: interimOf(facts, requestedMs),
    speculationStarted:
      requestedMs !== undefined && requestedMs < facts.committedMs ? requestedMs : undefined,
    finalTranscript: facts.finalMs,
    endpointingElapsed: facts.endpointingElapsedMs,
    turnCommitted: facts.committedMs,
    ...logicOf(facts, answer),
  };
}

function marksOf(facts: TurnFacts, answer: LlmRequest | undefined, voice: TTSTrace | undefined): Marks {
  const second = afterTools(facts, answer)?.trace.marks;
  const marks: Marks = {
    ...answer?.trace.marks,
    speechEnded: facts.speechEndedMs,
    ...commitMarks(facts, answer),
    toolsReturned: second?.llmRequested,
    contentAfterTools: second?.firstContent,
    ...(facts.realtime ? realtimeMarks(facts.realtime, facts.publishedMs) : {}),
    firstClause: voice?.firstClauseMs,
    ttsRequested: voice?.requestedMs,
    ttsFirstByte: voice?.firstByteMs,
    bridgeBegun: voice?.filler?.atMs,
    framePublished: facts.publishedMs,
    firstAudible: facts.audibleMs,
    callerHeard: facts.callerHeardMs,
  };
  const seen = Object.entries(marks).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return Object.fromEntries(seen.map(([name, ms]) => [name, ms - facts.callStartMs])) as Marks;
}

/** The tools of a turn, the requests with their results, and when the agent could be heard. */
function toolFacts(facts: TurnFacts, answer: LlmRequest | undefined) {
  const { tools, speech, callStartMs, work } = facts;
  if (!tools || tools.length === 0) return {};
  const firstMs = Math.min(...tools.map(({ startedMs }) => startedMs));
  const later = answer ? work.requests.slice(work.requests.indexOf(answer) + 1) : [];
  const afterTools = later.flatMap(({ trace: { marks, outcome } }) => {
    const { llmRequested: requestedMs, firstContent: contentMs } = marks;
    if (requestedMs === undefined || requestedMs < firstMs || outcome === 'cancelled') return [];
    const firstContentMs = contentMs === undefined ? {} : { firstContentMs: contentMs - callStartMs };
    return [{ requestedMs: requestedMs - callStartMs, ...firstContentMs }];
  });
  return {
    tools: tools.map(({ startedMs, endedMs, ...tool }) => ({
      ...tool,
      startedMs: startedMs - callStartMs,
      ...(endedMs === undefined ? {} : { endedMs: endedMs - callStartMs }),
    })),
    ...(afterTools.length > 0 ? { afterTools } : {}),
    ...(facts.isOutputTraced && speech ? { speech: speechOf(facts, speech) } : {}),
  };
}

/** The stretches of speech, with what a filler at the beginning of an answer said apart from the answer. */
function speechOf(facts: TurnFacts, speech: NonNullable<TurnFacts['speech']>) {
  const { callStartMs, audibleMs } = facts;
  const filler = playedTrace(facts)?.filler;
  const fillerEndMs =
    filler && audibleMs !== undefined ? audibleMs + filler.durationMs : Number.NEGATIVE_INFINITY;
  return speech
    .flatMap((span) => {
      if (span.isFiller || span.fromMs >= fillerEndMs) return [span];
      const said = { ...span, toMs: Math.min(span.toMs, fillerEndMs), isFiller: true };
      return span.toMs > fillerEndMs ? [said, { ...span, fromMs: fillerEndMs }] : [said];
    })
    .map(({ fromMs, toMs, ...span }) => ({
      ...span,
      fromMs: fromMs - callStartMs,
      toMs: toMs - callStartMs,
    }));
}

/** How the caller spoke over the agent. Who goes on with a turn that was committed in a pause does not interrupt. */
function interruptionsOf({ interruptions = [], callStartMs, repaired }: TurnFacts) {
  if (interruptions.length === 0 || repaired?.part === 'half') return {};
  return {
    interruptions: interruptions.map(({ callerFromMs, stoppedMs, isFalse, resumedMs }) => ({
      callerFromMs: callerFromMs - callStartMs,
      ...(stoppedMs === undefined ? {} : { stoppedMs: stoppedMs - callStartMs }),
      ...(isFalse === undefined ? {} : { isFalse }),
      ...(resumedMs === undefined ? {} : { resumedMs: resumedMs - callStartMs }),
    })),
  };
}

type Attempt = NonNullable<NonNullable<TurnObservation['llm']>['attempts']>[number];

function sinceCallStart(attempt: Attempt, { callStartMs }: TurnFacts): Attempt {
  const { startedMs, firstContentMs } = attempt;
  return {
    ...attempt,
    startedMs: startedMs - callStartMs,
    ...(firstContentMs === undefined ? {} : { firstContentMs: firstContentMs - callStartMs }),
  };
}

function llmOf(facts: TurnFacts, answer: LlmRequest | undefined): TurnObservation['llm'] {
  if (!answer) return undefined;
  const { trace } = answer;
  const counts = Object.entries(trace.usage ?? {}).filter(([, count]) => count !== undefined);
  return {
    provider: trace.provider,
    model: trace.model,
    emulated: trace.emulated,
    ...(trace.profile === undefined ? {} : { profile: trace.profile }),
    ...(trace.connection === undefined ? {} : { connection: trace.connection }),
    ...(counts.length === 0 ? {} : { tokens: Object.fromEntries(counts) }),
    ...(trace.providerTime === undefined ? {} : { providerTime: trace.providerTime }),
    ...(trace.headroom === undefined ? {} : { headroom: trace.headroom }),
    ...(trace.prefixBreak === undefined ? {} : { prefixBreak: trace.prefixBreak }),
    ...(trace.attempts === undefined
      ? {}
      : { attempts: trace.attempts.map((a) => sinceCallStart(a, facts)) }),
    requests: facts.work.requests.reduce((sum, request) => sum + request.trace.requests, 0),
  };
}

/** The filler said before the answer, and when the answer itself began: at its first audio, or at the filler's end. */
function fillerOf(facts: TurnFacts, voice: TTSTrace | undefined): TurnObservation['bridge'] {
  if (!voice?.filler) return undefined;
  const { durationMs } = voice.filler;
  const { speechEndedMs } = facts;
  const answerMs = answerAfterFillerMs(facts);
  if (answerMs === undefined || speechEndedMs === undefined) return { durationMs };
  return { durationMs, answerGapMs: answerMs - speechEndedMs };
}

/** How much earlier the first clause was sent than LiveKit's first sentence would have been, ms. */
function clauseLeadOf(
  facts: TurnFacts,
  answer: LlmRequest | undefined,
  voice: TTSTrace | undefined,
): number | undefined {
  const spokenMs = voice?.firstClauseMs;
  const sentenceMs = (afterTools(facts, answer) ?? answer)?.sentence?.atMs;
  if (spokenMs === undefined || sentenceMs === undefined) return undefined;
  return Math.max(0, sentenceMs - spokenMs);
}

/**
 * Converts the facts of a turn into the content of its record.
 *
 * @param final whether the turn is over; until then `outcome` is only there if it cannot change. Default true
 */
export function toObservation(facts: TurnFacts, callId: string, final = true): TurnObservation {
  const answer = answering(facts);
  const ended = outcomeOfFacts(facts, final);
  const voice = speaking(facts, ended);
  const speechEndedAgoMs = facts.committedMs - (facts.speechEndedMs ?? facts.committedMs);
  const { realtime } = facts;
  const llm = realtime && !realtime.answered ? realtimeLlm(realtime) : llmOf(facts, answer);
  const trimmedMs = voice?.trimmedMs;
  const clauseLeadMs = clauseLeadOf(facts, answer, voice);
  const bridge = fillerOf(facts, voice);
  const transcript = { caller: facts.callerText, agent: facts.agentText };
  const rescue = realtime && rescueOf(realtime);
  const asked = transcript.caller !== undefined || transcript.agent !== undefined;
  return {
    callId,
    turn: facts.turn,
    at: new Date(facts.wallMs - speechEndedAgoMs).toISOString(),
    marks: marksOf(facts, answer, voice),
    ...ended,
    interrupted: facts.interrupted,
    bargeIn: facts.bargeIn,
    ...(facts.repaired ? { repaired: facts.repaired } : {}),
    toolCalls: facts.toolCalls,
    ...toolFacts(facts, answer),
    ...interruptionsOf(facts),
    ...(llm ? { llm } : {}),
    ...(facts.stt ? { stt: facts.stt } : {}),
    ...(facts.tts ? { tts: facts.tts } : {}),
    ...(realtime
      ? { realtime: realtimeOf(realtime, facts.tts !== undefined) }
      : { speculation: speculationOf(facts, answer) }),
    ...(rescue ? { rescue } : {}),
    ...(trimmedMs === undefined ? {} : { trimmedMs }),
    ...(clauseLeadMs === undefined ? {} : { clauseLeadMs }),
    ...(bridge ? { bridge } : {}),
    ...(facts.levers ? { levers: { ...facts.levers } } : {}),
    ...(facts.transport ? { transport: facts.transport } : {}),
    settings: { ...facts.settings, ...realtime?.settings },
    ...(asked ? { transcript } : {}),
  };
}
