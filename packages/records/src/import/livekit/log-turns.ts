import type { TurnObservation } from '@firstword/turn';
import { definedOnly } from '../json.js';
import type { LoggedMetrics } from './logged-metrics.js';

/** `imported.from` of turns that were read from a console log. */
export const CONSOLE_LOG = 'LiveKit console log';

/** Metrics that are being gathered into a turn. */
interface Pending {
  /** Where its end of turn was logged. */
  place: string;
  eou: LoggedMetrics;
  llms: LoggedMetrics[];
  tts: LoggedMetrics | undefined;
}

/** Calls whose last turn may still be open. Of more, the one that was logged least recently has ended. */
const MAX_CALLS = 10_000;
/** Requests of one turn that are kept. */
const MAX_REQUESTS = 100;

interface Call {
  turns: number;
  pending: Pending | undefined;
  /** An answer that was logged before the end of its turn: it belongs to the next turn. */
  early: LoggedMetrics | undefined;
}

/** A turn of a log, with its impossible values. */
export interface LoggedTurn {
  observation: TurnObservation;
  /** Where its end of turn was logged. */
  place: string;
  impossibleValues: string[];
}

/**
 * Builds turns from metrics in the order of a log: the end of a turn, the LLM's requests, the first TTS request. `speechId`
 * pairs them where it is logged; otherwise an end of turn is followed by its answer. Several requests are a tool's, or a
 * preemptive generation that was discarded and the answer after it. A speech-to-speech model logs no end of a turn: each of
 * its responses is a turn.
 */
export class LogTurns {
  readonly #calls = new Map<string, Call>();

  /**
   * @param at `file` is the call id where the log has none
   * @returns the turns that this line completed, mostly none
   */
  add(metrics: LoggedMetrics, { file, place }: { file: string; place: string }): LoggedTurn[] {
    const name = metrics.call ?? file;
    const call = this.#calls.get(name) ?? { turns: 0, pending: undefined, early: undefined };
    this.#calls.delete(name);
    this.#calls.set(name, call);
    const ended = this.#closeOldest();
    const { pending } = call;
    let done: LoggedTurn | undefined;
    if (metrics.isRealtime && !pending) {
      call.turns += 1;
      const only = { place, eou: { ...metrics, ttftMs: undefined }, llms: [metrics], tts: undefined };
      done = turnOf(only, { callId: name, turn: call.turns });
    } else if (metrics.kind === 'EOU') {
      done = this.#close(name, call);
      call.pending = { place, eou: metrics, llms: [], tts: undefined };
    } else if (metrics.kind === 'TTS') {
      if (pending && !pending.tts) pending.tts = metrics;
    } else if (pending && !pending.tts) {
      if (pending.llms.length === MAX_REQUESTS) pending.llms.shift();
      pending.llms.push(metrics);
    } else call.early = metrics;
    return [ended, done].filter((turn) => turn !== undefined);
  }

  /** Ends the call that was logged least recently, if there are too many. @returns its open turn, if any */
  #closeOldest(): LoggedTurn | undefined {
    const [oldest] = this.#calls;
    if (this.#calls.size <= MAX_CALLS || !oldest) return undefined;
    const turn = this.#close(...oldest);
    this.#calls.delete(oldest[0]);
    return turn;
  }

  /** The turns that were still open when the log ended. */
  finish(): LoggedTurn[] {
    return [...this.#calls].flatMap(([name, call]) => this.#close(name, call) ?? []);
  }

  #close(name: string, call: Call): LoggedTurn | undefined {
    const { pending } = call;
    if (!pending) return undefined;
    const { early } = call;
    const isOfThisTurn =
      early !== undefined && (pending.llms.length === 0 || isBegunEarly(early, pending.eou));
    const llms = isOfThisTurn ? [early, ...pending.llms] : pending.llms;
    call.pending = undefined;
    call.early = undefined;
    if (llms.length === 0 && !pending.tts) return undefined;
    call.turns += 1;
    return turnOf({ ...pending, llms }, { callId: name, turn: call.turns });
  }
}

const isSameSpeech = (a: LoggedMetrics, b: LoggedMetrics): boolean =>
  a.speechId === undefined || b.speechId === undefined || a.speechId === b.speechId;

/** Whether a request was logged between the end of the caller's speech and the end of the turn. */
const isBegunEarly = ({ atMs }: LoggedMetrics, { atMs: eouMs, endOfTurnMs }: LoggedMetrics): boolean =>
  atMs !== undefined && eouMs !== undefined && endOfTurnMs !== undefined && atMs >= eouMs - endOfTurnMs;

/** The call and the result of a tool add at least this many tokens to the next prompt. */
const MIN_TOOL_TOKENS = 8;

/**
 * Whether the answer came from another request than this one, which asked for the same: a preemptive generation that was
 * thrown away. Its prompt has no more tokens than the answer's; the prompt after a tool call has the call and the result.
 */
function isDiscarded(request: LoggedMetrics, answer: LoggedMetrics, eou: LoggedMetrics): boolean {
  if (request.isCancelled || request.ttftMs === undefined || !isSameSpeech(request, eou)) return true;
  if (request.speechId !== undefined && eou.speechId !== undefined) return false;
  const more = (answer.promptTokens ?? 0) - (request.promptTokens ?? 0);
  return more < MIN_TOOL_TOKENS;
}

/** The requests of a turn: the one that was answered with, those before tools, and those that were thrown away. */
function requestsOf(llms: readonly LoggedMetrics[], eou: LoggedMetrics) {
  const answer = llms.findLast((one) => isSameSpeech(one, eou)) ?? llms.at(-1);
  const others = llms.filter((one) => one !== answer);
  const discarded = answer ? others.filter((one) => isDiscarded(one, answer, eou)).length : 0;
  return { answer, discarded, tools: others.length - discarded };
}

/** From the first token to the last. */
function streamOf(llm: LoggedMetrics | undefined): number | undefined {
  const { durationMs, ttftMs } = llm ?? {};
  return durationMs === undefined || ttftMs === undefined || durationMs < ttftMs
    ? undefined
    : durationMs - ttftMs;
}

function turnOf(
  { place, eou, llms, tts }: Pending,
  { callId, turn }: { callId: string; turn: number },
): LoggedTurn {
  const { answer: llm, discarded, tools } = requestsOf(llms, eou);
  const speech =
    tts && (tts.provider ?? tts.model)
      ? { provider: tts.provider ?? 'unknown', model: tts.model ?? 'unknown' }
      : undefined;
  const tokens = definedOnly({
    promptTokens: llm?.promptTokens,
    completionTokens: llm?.completionTokens,
    cachedTokens: llm?.cachedTokens,
    reasoningTokens: llm?.reasoningTokens,
  });
  const sdk = eou.sdk ?? llm?.sdk ?? tts?.sdk;
  const observation: TurnObservation = {
    callId,
    turn,
    at: new Date((eou.atMs ?? 0) - (eou.endOfTurnMs ?? 0)).toISOString(),
    marks: {},
    interrupted: false,
    bargeIn: false,
    toolCalls: tools,
    ...definedOnly({
      tts: speech,
      llm: llm && {
        provider: llm.provider ?? 'unknown',
        model: llm.model ?? 'unknown',
        emulated: false,
        requests: llms.length,
        ...(Object.keys(tokens).length > 0 ? { tokens } : {}),
      },
    }),
    ...(discarded > 0 ? { speculation: { started: discarded, kept: 0, cancelled: discarded } } : {}),
    imported: {
      from: CONSOLE_LOG,
      ...(llm?.isRealtime ? { isRealtime: true } : {}),
      ...definedOnly({
        sdk,
        endOfTurnDelayMs: eou.endOfTurnMs,
        transcriptionDelayMs: eou.transcriptionMs,
        userLogicMs: eou.userLogicMs,
        llmTtftMs: llm?.ttftMs,
        llmStreamMs: streamOf(llm),
        ttsTtfbMs: tts?.ttfbMs,
      }),
    },
  };
  return {
    observation,
    place,
    impossibleValues: [eou, ...llms, ...(tts ? [tts] : [])].flatMap((one) => one.impossibleValues),
  };
}
