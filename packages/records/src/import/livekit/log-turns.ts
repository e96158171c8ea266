import type { TurnObservation } from '@firstword/turn';
import { definedOnly } from '../json.js';
import type { LoggedMetrics } from './logged-metrics.js';

/** `imported.from` of turns that were read from a console log. */
export const CONSOLE_LOG = 'LiveKit console log';

/** `imported.from` of turns of a log that never reports the end of a turn: a realtime model's, or one part's. */
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
 * Builds turns from metrics in the order of a log: the end of a turn, the LLM's requests (several after a tool call), the
 * first TTS request. `speechId` pairs them where it is logged; otherwise an end of turn is followed by its answer.
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
      early: undefined,
    };
    this.#calls.delete(name);
    this.#calls.set(name, call);
    const ended = this.#closeOldest();
    const { pending } = call;
    let done: LoggedTurn | undefined;
    if (metrics.kind === 'EOU') {
      done = this.#close(name, call);
      call.hasEnds = true;
      call.answers = [];
      call.pending = { place, eou: metrics, llms: [], tts: undefined };
    } else if (!call.hasEnds) {
      done = this.#answer(name, call, { metrics, place });
    } else if (metrics.kind === 'TTS') {
      if (pending && !pending.tts) pending.tts = metrics;
    } else if (pending && !pending.tts && isSameSpeech(pending.eou!, metrics)) {
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

  /** An answer of a call in which no turn has ended yet. @returns the oldest of many: then the log reports no ends */
  #answer(name: string, call: Call, { metrics, place }: { metrics: LoggedMetrics; place: string }) {
    if (metrics.kind === 'LLM') {
      // An answer that began before the end of its turn, if an end is still to come.
      call.early = metrics;
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
    const llms = pending.llms.length > 0 || !call.early ? pending.llms : [call.early];
    call.pending = undefined;
    call.early = undefined;
    if (llms.length === 0 && !pending.tts) return undefined;
    return this.#turn(name, call, { ...pending, llms });
  }

  /** @returns `undefined` where nothing was reported of it, as of a discarded generation */
  #turn(callId: string, call: Call, gathered: Pending): LoggedTurn | undefined {
    const turn = turnOf(gathered, { callId, turn: call.turns + 1 });
    const { from: _, ...figures } = turn.observation.imported!;
    if (Object.keys(figures).length === 0 && turn.impossibleValues.length === 0) return undefined;
    call.turns += 1;
    return turn;
  }
}

const isSameSpeech = (a: LoggedMetrics, b: LoggedMetrics): boolean =>
  a.speechId === undefined || b.speechId === undefined || a.speechId === b.speechId;

function turnOf(
  { place, eou, llms, tts }: Pending,
  { callId, turn }: { callId: string; turn: number },
): LoggedTurn {
  const llm = llms.at(-1);
  const speech =
    tts && (tts.provider ?? tts.model)
      ? { provider: tts.provider ?? 'unknown', model: tts.model ?? 'unknown' }
      : undefined;
  const tokens = definedOnly({
    promptTokens: llm?.promptTokens,
    completionTokens: llm?.completionTokens,
    cachedTokens: llm?.cachedTokens,
  });
  const observation: TurnObservation = {
    callId,
    turn,
    at: new Date((eou?.atMs ?? llm?.atMs ?? tts?.atMs ?? 0) - (eou?.endOfTurnMs ?? 0)).toISOString(),
    marks: {},
    interrupted: false,
    bargeIn: false,
    toolCalls: Math.max(0, llms.length - 1),
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
    imported: {
      from: eou ? CONSOLE_LOG : CONSOLE_LOG_WITHOUT_ENDS,
      ...definedOnly({
        endOfTurnDelayMs: eou?.endOfTurnMs,
        transcriptionDelayMs: eou?.transcriptionMs,
        userLogicMs: eou?.userLogicMs,
        llmTtftMs: llm?.ttftMs,
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
