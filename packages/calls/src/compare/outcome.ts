import { isFailed, outcomeOf, type TurnRecord } from '@firstword/turn';
import type { CallerTurn } from '../caller/report.js';
import type { TapeMeasurement } from '../tape/gap-detector.js';
import type { CompareLine, LineKind } from './calls.js';
import type { CpuCost } from './cpu.js';
import type { RecordedRequest } from './llm-requests.js';
import { type TurnFigures, turnFigures } from './turn-figures.js';
import { isMisheard, isWrongAnswer } from './word-checks.js';

/** The outcome of one line in one arm. */
export interface LineOutcome {
  /** From 1, within its call. */
  line: number;
  kind: LineKind;
  /** Who says the line, where a manifest of the recordings names them. */
  speaker?: string;
  /** Felt gap on the tape, ms; absent where no answer started in the silence after the line. */
  gapMs?: number;
  /** The agent was audible before the end of the line, and the line was not a barge-in. */
  cutOff: boolean;
  /** The turn failed, by the agent's record: what was heard is no answer, and there is no gap. */
  failed?: true;
  /** How often the line was spoken without an answer. */
  unanswered: number;
  /** How often the agent started again after its answer had ended. */
  extraAnswers: number;
  /** For a backchannel: whether the agent stopped speaking, or took it for a turn. */
  stopped?: boolean;
  /** End of the line on the tape, ms from its beginning; absent where no answer came. */
  endMs?: number;
  /** Figures from the agent's record of the turn; absent where there is none at the end of the line. */
  turn?: TurnFigures;
  /** The answer was generated for other words than the committed ones; absent where that cannot be determined. */
  wrong?: boolean;
  /** The transcript differs from the spoken words; absent where either is not known. */
  misheard?: boolean;
}

/** Speculation and LLM usage of a call, from its turn records. */
export interface SpeculationFacts {
  /** Turns with a record. */
  turns: number;
  startedTurns: number;
  keptTurns: number;
  /** LLM requests, superseded ones included. */
  requests: number;
  /** Hedges sent by a router; absent without a router. */
  hedges?: number;
  /** Hidden time of each turn in which a speculation was kept, ms. */
  hiddenMs: number[];
  /** Tokens of the answers, and of wasted speculations; absent where no record reports them. */
  answerTokens?: number;
  wastedTokens?: number;
}

/** One measured call of one arm. */
export interface CallOutcome {
  arm: string;
  round: number;
  call: string;
  voice: string;
  lines: LineOutcome[];
  speculation: SpeculationFacts;
  /** The call was aborted, so lines are missing. */
  stopped?: true;
  /** Errors reported by the agent and by the store. */
  errors: string[];
  /** CPU cost of the call, including the caller, the emulated LLM and the tape. */
  cpu?: CpuCost;
  /** Path of its tape, relative to the folder of the comparison. */
  tape?: string;
}

/** Tolerance between the end of a line on the tape and as reported by the caller, ms. */
const SAME_END_MS = 300;
/** An agent that is silent for longer than this after a backchannel has stopped because of it, ms. */
const STOPPED_AFTER_MS = 700;

/** The item whose end is nearest to the end of a line, within the tolerance. */
function atEnd<T>(all: readonly T[], endOf: (one: T) => number | undefined, endMs: number): T | undefined {
  const off = (one: T) => Math.abs((endOf(one) ?? Infinity) - endMs);
  return all.filter((one) => off(one) <= SAME_END_MS).sort((a, b) => off(a) - off(b))[0];
}

/**
 * Whether the agent stopped for a backchannel, which needs no answer. The agent may still have been audible at the end of
 * the backchannel and then stopped, so a record of a turn at that point counts as well.
 */
function stoppedBy(turn: CallerTurn, endMs: number, records: readonly TurnRecord[]): boolean {
  const tookForTurn = atEnd(records, (record) => record.marks.speechEnded, endMs) !== undefined;
  return tookForTurn || turn.gapMs === undefined || turn.gapMs > STOPPED_AFTER_MS;
}

/** The recorded turns within a line: more than one where it was cut off. */
function turnsWithin(records: readonly TurnRecord[], startMs: number, endMs: number): TurnRecord[] {
  return records.filter(({ marks }) => {
    const endedMs = marks.speechEnded;
    return endedMs !== undefined && endedMs > startMs && endedMs <= endMs + SAME_END_MS;
  });
}

/** Drops fields whose value is `undefined`, so that they are absent in JSON. */
const known = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

/** Figures and checks of a line from the turn records and the LLM requests. */
function turnOf(options: {
  line: CompareLine;
  lineMs: number;
  endMs: number;
  audibleMs: number | undefined;
  records: readonly TurnRecord[];
  requests: readonly RecordedRequest[];
}): Pick<LineOutcome, 'turn' | 'wrong' | 'misheard'> {
  const { line, lineMs, endMs, audibleMs, records, requests } = options;
  const record = atEnd(records, ({ marks }) => marks.speechEnded, endMs);
  const made = turnsWithin(records, endMs - lineMs, endMs);
  const judged = made.flatMap((one) => isWrongAnswer(one, requests) ?? []);
  return known({
    turn: record && turnFigures(record, audibleMs),
    wrong: judged.length === 0 ? undefined : judged.includes(true),
    misheard: isMisheard(line.parts, made),
  });
}

/**
 * The outcome of each line that was spoken to its end.
 * @param options.startedMs time on the caller's clock from which the tape and the records count
 */
export function lineOutcomes(options: {
  lines: readonly CompareLine[];
  /** Duration of each line, ms. */
  lineMs: readonly number[];
  turns: readonly CallerTurn[];
  tape: TapeMeasurement;
  records: readonly TurnRecord[];
  requests: readonly RecordedRequest[];
  startedMs: number;
}): LineOutcome[] {
  const { tape, records, requests, startedMs } = options;
  return options.turns.map((turn) => {
    const line = options.lines[turn.turn - 1]!;
    const base = {
      line: turn.turn,
      kind: line.kind,
      ...(line.speaker === undefined ? {} : { speaker: line.speaker }),
    };
    const endMs = turn.speechEndedMs - startedMs;
    if (line.kind === 'backchannel') {
      const stopped = stoppedBy(turn, endMs, records);
      return { ...base, cutOff: false, unanswered: 0, extraAnswers: 0, stopped };
    }
    const found =
      turn.outcome === 'answered' ? atEnd(tape.turns, (one) => one.callerEndMs, endMs) : undefined;
    const lineMs = options.lineMs[turn.turn - 1]!;
    const own = atEnd(records, ({ marks }) => marks.speechEnded, endMs);
    const hasFailed = own !== undefined && isFailed(outcomeOf(own));
    return {
      ...base,
      ...(found && !hasFailed ? { gapMs: found.gapMs, endMs: found.callerEndMs } : {}),
      ...(hasFailed ? { failed: true } : {}),
      cutOff: turn.spokenOver && !turn.bargedIn,
      unanswered: turn.attempts - (turn.outcome === 'answered' ? 1 : 0),
      extraAnswers: turn.extraAnswers,
      ...turnOf({
        line,
        lineMs,
        endMs,
        audibleMs: hasFailed ? undefined : found?.agentStartMs,
        records,
        requests,
      }),
    };
  });
}

const sumOf = (counts: readonly (number | undefined)[]): number | undefined => {
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, count) => sum + count, 0);
};

/** Sums up speculation and LLM usage over the records of a call. */
export function speculationFacts(records: readonly TurnRecord[]): SpeculationFacts {
  const answerTokens = sumOf(
    records.map(({ llm }) => sumOf([llm?.tokens?.promptTokens, llm?.tokens?.completionTokens])),
  );
  const hedges = sumOf(records.map(({ llm }) => llm?.attempts?.filter((a) => a.reason === 'hedge').length));
  const wastedTokens = sumOf(records.map((r) => r.speculation?.wastedTokens));
  return {
    turns: records.length,
    startedTurns: records.filter((r) => (r.speculation?.started ?? 0) > 0).length,
    keptTurns: records.filter((r) => (r.speculation?.kept ?? 0) > 0).length,
    requests: records.reduce((sum, r) => sum + (r.llm?.requests ?? 0), 0),
    hiddenMs: records.flatMap((r) => r.speculation?.hiddenMs ?? []),
    ...(hedges === undefined ? {} : { hedges }),
    ...(answerTokens === undefined ? {} : { answerTokens }),
    ...(wastedTokens === undefined ? {} : { wastedTokens }),
  };
}
