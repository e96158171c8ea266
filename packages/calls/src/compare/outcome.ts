import type { TurnRecord } from '@firstword/turn';
import type { CallerTurn } from '../caller/report.js';
import type { TapeMeasurement } from '../tape/gap-detector.js';
import type { CompareLine, LineKind } from './calls.js';
import type { CpuCost } from './cpu.js';
import type { RecordedRequest } from './llm-requests.js';
import { type TurnFigures, turnFigures } from './turn-figures.js';
import { isMisheard, isWrongAnswer } from './word-checks.js';

/** What became of one line in one arm. */
export interface LineOutcome {
  /** From 1, within its call. */
  line: number;
  kind: LineKind;
  /** Felt gap on the tape, ms; absent where no answer began in the silence after the line. */
  gapMs?: number;
  /** The agent was heard before the line was all said, and the caller had not spoken over it. */
  cutOff: boolean;
  /** How often the line was said and nothing came. */
  unanswered: number;
  /** Times the agent began again after its answer was over. */
  extraAnswers: number;
  /** For a backchannel: whether the agent fell silent at it, or took it for a turn. */
  stopped?: boolean;
  /** End of the line on the tape, ms from its beginning; absent where no answer came. */
  endMs?: number;
  /** The turn that the line made; absent where the agent recorded none at its end. */
  turn?: TurnFigures;
  /** Answered for other words than the turn was committed with; absent where that cannot be told. */
  wrong?: boolean;
  /** The agent heard other words than were said; absent where either is not known. */
  misheard?: boolean;
}

/** What a call's records say of speculation and of the LLM. */
export interface SpeculationFacts {
  /** Turns with a record. */
  turns: number;
  startedTurns: number;
  keptTurns: number;
  /** LLM requests, superseded ones included. */
  requests: number;
  /** Second requests that a router sent beside a first one that was late; absent where none routes. */
  hedges?: number;
  /** Time hidden, ms, of each turn in which a speculation was kept. */
  hiddenMs: number[];
  /** Tokens of the answers, and of speculations thrown away; absent where no record tells. */
  answerTokens?: number;
  wastedTokens?: number;
}

/** One call, played in one arm, measured. */
export interface CallOutcome {
  arm: string;
  round: number;
  call: string;
  voice: string;
  lines: LineOutcome[];
  speculation: SpeculationFacts;
  /** It was broken off: lines are missing. */
  stopped?: true;
  /** What parts of the agent said went wrong. */
  errors: string[];
  /** What the call cost, the caller, the emulated LLM and the tape included. */
  cpu?: CpuCost;
  /** Where its tape is, within the folder of the comparison. */
  tape?: string;
}

/** The tape's end of a line and the caller's own account of it are the same moment within this, ms. */
const SAME_END_MS = 300;
/** An agent that is silent for longer than this after a backchannel has stopped for it, ms. */
const FELL_SILENT_MS = 700;

/** What lies nearest to the end of a line, if anything does. The caller's account only tells which line it was. */
function atEnd<T>(all: readonly T[], endOf: (one: T) => number | undefined, endMs: number): T | undefined {
  const off = (one: T) => Math.abs((endOf(one) ?? Infinity) - endMs);
  return all.filter((one) => off(one) <= SAME_END_MS).sort((a, b) => off(a) - off(b))[0];
}

/** Asks for no answer: only whether the agent went on counts. Cut short, it may still have been heard at the end. */
function stoppedBy(turn: CallerTurn, endMs: number, records: readonly TurnRecord[]): boolean {
  const tookForTurn = atEnd(records, (record) => record.marks.speechEnded, endMs) !== undefined;
  return tookForTurn || turn.gapMs === undefined || turn.gapMs > FELL_SILENT_MS;
}

/** The turns that were made of a line: more than one where it was cut off. */
function turnsWithin(records: readonly TurnRecord[], startMs: number, endMs: number): TurnRecord[] {
  return records.filter(({ marks }) => {
    const endedMs = marks.speechEnded;
    return endedMs !== undefined && endedMs > startMs && endedMs <= endMs + SAME_END_MS;
  });
}

/** Leaves out what is not known: JSON has no `undefined`. */
const known = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

/** What the records, and the requests to the LLM, say of the turns that a line made. */
function turnOf(options: {
  line: CompareLine;
  lineMs: number;
  endMs: number;
  audibleMs: number | undefined;
  records: readonly TurnRecord[];
  asked: readonly RecordedRequest[];
}): Pick<LineOutcome, 'turn' | 'wrong' | 'misheard'> {
  const { line, lineMs, endMs, audibleMs, records, asked } = options;
  const record = atEnd(records, ({ marks }) => marks.speechEnded, endMs);
  const made = turnsWithin(records, endMs - lineMs, endMs);
  const judged = made.flatMap((one) => isWrongAnswer(one, asked) ?? []);
  return known({
    turn: record && turnFigures(record, audibleMs),
    wrong: judged.length === 0 ? undefined : judged.includes(true),
    misheard: isMisheard(line.parts, made),
  });
}

/**
 * What became of each line that was said to its end.
 * @param startedMs the moment that the tape and the records count from, on the caller's clock
 */
export function lineOutcomes(options: {
  lines: readonly CompareLine[];
  /** How long each line is, spoken, ms. */
  lineMs: readonly number[];
  turns: readonly CallerTurn[];
  tape: TapeMeasurement;
  records: readonly TurnRecord[];
  asked: readonly RecordedRequest[];
  startedMs: number;
}): LineOutcome[] {
  const { tape, records, asked, startedMs } = options;
  return options.turns.map((turn) => {
    const line = options.lines[turn.turn - 1]!;
    const told = { line: turn.turn, kind: line.kind };
    const endMs = turn.speechEndedMs - startedMs;
    if (line.kind === 'backchannel') {
      const stopped = stoppedBy(turn, endMs, records);
      return { ...told, cutOff: false, unanswered: 0, extraAnswers: 0, stopped };
    }
    const found =
      turn.outcome === 'answered' ? atEnd(tape.turns, (one) => one.callerEndMs, endMs) : undefined;
    const lineMs = options.lineMs[turn.turn - 1]!;
    return {
      ...told,
      ...(found ? { gapMs: found.gapMs, endMs: found.callerEndMs } : {}),
      cutOff: turn.spokenOver && !turn.bargedIn,
      unanswered: turn.attempts - (turn.outcome === 'answered' ? 1 : 0),
      extraAnswers: turn.extraAnswers,
      ...turnOf({ line, lineMs, endMs, audibleMs: found?.agentStartMs, records, asked }),
    };
  });
}

const sumOf = (counts: readonly (number | undefined)[]): number | undefined => {
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, count) => sum + count, 0);
};

/** Adds up what the records of a call say. */
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
