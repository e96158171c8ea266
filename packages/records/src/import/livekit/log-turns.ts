import type { TurnObservation } from '@firstword/turn';
import { definedOnly } from '../json.js';
import type { LoggedMetrics } from './logged-metrics.js';

/** `imported.from` of turns that were read from a console log. */
export const CONSOLE_LOG = 'LiveKit console log';

/** `imported.from` of turns of a log that never reports the end of a turn. */
export const CONSOLE_LOG_WITHOUT_ENDS = 'LiveKit console log without ends of turns';

/** Metrics that are being gathered into a turn. */
interface Pending {
  /** Where its first metrics were logged. */
  place: string;
  /** The end of the turn; `undefined` in a log that reports none. */
  eou: LoggedMetrics | undefined;
  llms: LoggedMetrics[];
  tts: LoggedMetrics | undefined;
}

/** Calls whose last turn may still be open. Of more, the one that was logged least recently has ended. */
const MAX_CALLS = 10_000;
/** Requests of one turn that are kept. */
const MAX_REQUESTS = 100;

/** Answers without the end of a turn before them, after which a log is taken to report none. */
const MAX_ANSWERS_WITHOUT_END = 8;

interface Call {
  turns: number;
  pending: Pending | undefined;
  /** Whether the log reports ends of turns. */
  hasEnds: boolean;
  /** Answers before the first end of a turn. */
  answers: Pending[];
  /** Requests that were logged since the last answer was spoken: preemptive generations of the next turn, if its end follows. */
  early: LoggedMetrics[];
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
    const call = this.#calls.get(name) ?? {
      turns: 0,
      pending: undefined,
      hasEnds: false,
      answers: [],
      early: [],
    };
    this.#calls.delete(name);
    this.#calls.set(name, call);
    const ended = this.#closeOldest();
    const { pending } = call;
    let done: LoggedTurn | undefined;
    if (metrics.isRealtime && !pending) {
      done = this.#turn(name, call, { place, eou: undefined, llms: [metrics], tts: undefined });
    } else if (metrics.kind === 'EOU') {
      const llms = begunBeforeEnd(call, metrics);
      done = this.#close(name, call);
      call.hasEnds = true;
      call.answers = [];
      call.early = [];
      call.pending = { place, eou: metrics, llms, tts: undefined };
    } else if (!call.hasEnds) {
      done = this.#answer(name, call, { metrics, place });
    } else if (metrics.kind === 'TTS') {
      if (pending && !pending.tts) pending.tts = metrics;
      // What was spoken belongs to no turn that is still to come.
      else call.early = call.early.filter(({ atMs }) => atMs !== undefined);
    } else keep(pending && !pending.tts ? pending.llms : call.early, metrics);
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

  /** An answer of a call in which no turn has ended yet. @returns the oldest of many: then the log reports no ends */
  #answer(name: string, call: Call, { metrics, place }: { metrics: LoggedMetrics; place: string }) {
    if (metrics.kind === 'LLM') {
      // An answer that began before the end of its turn, if an end is still to come.
      call.early = [metrics];
      call.answers.push({ place, eou: undefined, llms: [metrics], tts: undefined });
    } else {
      const last = call.answers.at(-1);
      if (last && !last.tts) last.tts = metrics;
      else call.answers.push({ place, eou: undefined, llms: [], tts: metrics });
    }
    const oldest = call.answers.length > MAX_ANSWERS_WITHOUT_END ? call.answers.shift() : undefined;
    return oldest && this.#turn(name, call, oldest);
  }

  /** The turns that were still open when the log ended. */
  finish(): LoggedTurn[] {
    return [...this.#calls].flatMap(([name, call]) => {
      const answers = call.hasEnds ? [] : call.answers.map((answer) => this.#turn(name, call, answer));
      return [...answers, this.#close(name, call)].filter((turn) => turn !== undefined);
    });
  }

  #close(name: string, call: Call): LoggedTurn | undefined {
    const { pending } = call;
    if (!pending) return undefined;
    call.pending = undefined;
    if (pending.llms.length === 0 && !pending.tts) return undefined;
    return this.#turn(name, call, pending);
  }

  /** @returns `undefined` where nothing was reported of it, as of a discarded generation */
  #turn(callId: string, call: Call, gathered: Pending): LoggedTurn | undefined {
    const turn = turnOf(gathered, { callId, turn: call.turns + 1 });
    const { imported, failure } = turn.observation;
    const { endOfTurnDelayMs, llmTtftMs, ttsTtfbMs } = imported!;
    const isEmpty = [endOfTurnDelayMs, llmTtftMs, ttsTtfbMs].every((figure) => figure === undefined);
    if (isEmpty && !failure && turn.impossibleValues.length === 0) return undefined;
    call.turns += 1;
    return turn;
  }
}

const isSameSpeech = (a: LoggedMetrics, b: LoggedMetrics | undefined): boolean =>
  b === undefined || a.speechId === undefined || b.speechId === undefined || a.speechId === b.speechId;

function keep(llms: LoggedMetrics[], metrics: LoggedMetrics): void {
  if (llms.length === MAX_REQUESTS) llms.shift();
  llms.push(metrics);
}

/** Whether a request was logged after the caller's speech that this end of a turn is of; `undefined` where a time is missing. */
function isAfterSpeech({ atMs }: LoggedMetrics, { atMs: eouMs, endOfTurnMs }: LoggedMetrics) {
  return atMs === undefined || eouMs === undefined || endOfTurnMs === undefined
    ? undefined
    : atMs >= eouMs - endOfTurnMs;
}

/**
 * The preemptive generations of the turn that ends now: logged before its end. A turn before it that was never spoken gives
 * away what came after the caller had gone on.
 */
function begunBeforeEnd({ early, pending }: Call, eou: LoggedMetrics): LoggedMetrics[] {
  const timed = early.filter((one) => isAfterSpeech(one, eou) === true);
  const own =
    timed.length > 0 ? timed : early.slice(-1).filter((one) => isAfterSpeech(one, eou) === undefined);
  if (!pending || pending.tts) return own;
  const later = pending.llms.filter(
    (one) => isAfterSpeech(one, eou) === true && !isOfSpeech(one, pending.eou),
  );
  pending.llms = pending.llms.filter((one) => !later.includes(one));
  return [...own, ...later];
}

/** Whether both name the same speech. */
const isOfSpeech = (a: LoggedMetrics, b: LoggedMetrics | undefined): boolean =>
  a.speechId !== undefined && a.speechId === b?.speechId;

/** The call and the result of a tool add at least this many tokens to the next prompt. */
const MIN_TOOL_TOKENS = 8;

/**
 * Whether the answer came from another request than this one, which asked for the same: a preemptive generation that was
 * thrown away. Its prompt has no more tokens than the answer's; the prompt after a tool call has the call and the result.
 */
function isDiscarded(request: LoggedMetrics, answer: LoggedMetrics, eou: LoggedMetrics | undefined): boolean {
  if (request.isCancelled || request.ttftMs === undefined || !isSameSpeech(request, eou)) return true;
  if (request.speechId !== undefined && eou?.speechId !== undefined) return false;
  const more = (answer.promptTokens ?? 0) - (request.promptTokens ?? 0);
  return more < MIN_TOOL_TOKENS;
}

/** The requests of a turn: the one that was answered with, those before tools, and those that were thrown away. */
function requestsOf(llms: readonly LoggedMetrics[], eou: LoggedMetrics | undefined) {
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

/** Whether a speech-to-speech model completed a response without any output: no first token, and no tokens. */
const isSilent = ({ isRealtime, isCancelled, ttftMs, completionTokens }: LoggedMetrics): boolean =>
  isRealtime === true && !isCancelled && ttftMs === undefined && completionTokens === 0;

const SILENT: Pick<TurnObservation, 'outcome' | 'failure' | 'realtime'> = {
  outcome: 'failed',
  failure: { part: 'llm', code: 'empty_answer' },
  realtime: { responses: 1, silentResponses: 1 },
};

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
  const sdk = eou?.sdk ?? llm?.sdk ?? tts?.sdk;
  const observation: TurnObservation = {
    callId,
    turn,
    at: new Date((eou?.atMs ?? llm?.atMs ?? tts?.atMs ?? 0) - (eou?.endOfTurnMs ?? 0)).toISOString(),
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
    ...(llm && isSilent(llm) ? SILENT : {}),
    ...(discarded > 0 ? { speculation: { started: discarded, kept: 0, cancelled: discarded } } : {}),
    imported: {
      from: eou || llm?.isRealtime ? CONSOLE_LOG : CONSOLE_LOG_WITHOUT_ENDS,
      ...(llm?.isRealtime ? { isRealtime: true } : {}),
      ...definedOnly({
        sdk,
        endOfTurnDelayMs: eou?.endOfTurnMs,
        transcriptionDelayMs: eou?.transcriptionMs,
        userLogicMs: eou?.userLogicMs,
        llmTtftMs: llm?.ttftMs,
        llmStreamMs: streamOf(llm),
        ttsTtfbMs: tts?.ttfbMs,
      }),
    },
  };
  return {
    observation,
    place,
    impossibleValues: [eou, ...llms, tts].flatMap((one) => one?.impossibleValues ?? []),
  };
}
