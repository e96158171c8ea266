import type { TurnRecord } from '@firstword/turn';
import type { CallerTurn } from '../caller/report.js';
import type { TapeMeasurement } from '../tape/meter.js';
import type { CompareLine, LineKind } from './calls.js';

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
}

/** What a call's records say of speculation and of the LLM. */
export interface SpeculationFacts {
  /** Turns with a record. */
  turns: number;
  startedTurns: number;
  keptTurns: number;
  /** LLM requests, superseded ones included. */
  requests: number;
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
  /** What parts of the agent said went wrong. */
  errors: string[];
}

/** The tape's end of a line and the caller's own account of it are the same moment within this, ms. */
const SAME_END_MS = 300;
/** An agent that is silent for longer than this after a backchannel has stopped for it, ms. */
const FELL_SILENT_MS = 700;

/** The tape's gap after a line. The caller's account only tells which line it was. */
function gapAfter(endMs: number, tape: TapeMeasurement): number | undefined {
  const near = tape.turns
    .map((turn) => ({ gapMs: turn.gapMs, offMs: Math.abs(turn.callerEndMs - endMs) }))
    .filter((turn) => turn.offMs <= SAME_END_MS)
    .sort((a, b) => a.offMs - b.offMs);
  return near[0]?.gapMs;
}

/** Asks for no answer: only whether the agent went on counts. Cut short, it may still have been heard at the end. */
function stoppedBy(turn: CallerTurn, endMs: number, records: readonly TurnRecord[]): boolean {
  const tookForTurn = records.some(
    ({ marks }) => marks.speechEnded !== undefined && Math.abs(marks.speechEnded - endMs) <= SAME_END_MS,
  );
  return tookForTurn || turn.gapMs === undefined || turn.gapMs > FELL_SILENT_MS;
}

/**
 * What became of each line that was said to its end.
 * @param startedMs the moment that the tape and the records count from, on the caller's clock
 */
export function lineOutcomes(options: {
  lines: readonly CompareLine[];
  turns: readonly CallerTurn[];
  tape: TapeMeasurement;
  records: readonly TurnRecord[];
  startedMs: number;
}): LineOutcome[] {
  const { lines, turns, tape, records, startedMs } = options;
  return turns.map((turn) => {
    const { kind } = lines[turn.turn - 1]!;
    const told = { line: turn.turn, kind };
    const endMs = turn.speechEndedMs - startedMs;
    if (kind === 'backchannel') {
      const stopped = stoppedBy(turn, endMs, records);
      return { ...told, cutOff: false, unanswered: 0, extraAnswers: 0, stopped };
    }
    const gapMs = turn.outcome === 'answered' ? gapAfter(endMs, tape) : undefined;
    return {
      ...told,
      ...(gapMs === undefined ? {} : { gapMs }),
      cutOff: turn.spokenOver && !turn.bargedIn,
      unanswered: turn.attempts - (turn.outcome === 'answered' ? 1 : 0),
      extraAnswers: turn.extraAnswers,
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
  const wastedTokens = sumOf(records.map((r) => r.speculation?.wastedTokens));
  return {
    turns: records.length,
    startedTurns: records.filter((r) => (r.speculation?.started ?? 0) > 0).length,
    keptTurns: records.filter((r) => (r.speculation?.kept ?? 0) > 0).length,
    requests: records.reduce((sum, r) => sum + (r.llm?.requests ?? 0), 0),
    hiddenMs: records.flatMap((r) => r.speculation?.hiddenMs ?? []),
    ...(answerTokens === undefined ? {} : { answerTokens }),
    ...(wastedTokens === undefined ? {} : { wastedTokens }),
  };
}
