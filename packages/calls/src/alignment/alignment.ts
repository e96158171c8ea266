import { isFailed, outcomeOf, type TurnRecord } from '@firstword/turn';
import type { MeasuredTurn, TapeMeasurement } from '../tape/gap-detector.js';
import type { TapePair } from './tape-pair.js';

/**
 * Tolerance for matching an answer of a record with an answer on the tape, after removing the clock offset, ms; the
 * nearest one counts. On an overloaded machine, one answer was in transit 0.55 s longer than the others of its call.
 */
const SAME_ANSWER_MS = 800;

/** A turn on the caller's tape, aligned with the agent's record of it. All times in ms. */
export interface AlignedTurn {
  /** Number of the turn in the records. */
  turn: number;
  /** End of the caller's speech, from the beginning of the caller's tape. */
  callerEndMs: number;
  /** Felt gap on the caller's tape. */
  tapeMs: number;
  /** The record's own felt gap: the sum of its ledger. */
  ledgerMs: number;
  /** Round trip through codec, network and jitter buffers, measured by finding this turn's audio on both tapes. */
  transportMs?: number;
  /** One-way transport in each direction, where the wall clocks of both ends are synchronised. */
  toAgentMs?: number;
  toCallerMs?: number;
  /** Ledger + transport − tape. */
  differenceMs?: number;
  /** Silence that the ledger attributes to no owner. */
  unaccountedMs: number;
}

/** The records of a call aligned with its caller's tape. */
export interface CallAlignment {
  turns: AlignedTurn[];
  /** Turns on the tape without a record: end of the caller's speech, ms from the tape's beginning. */
  unrecordedMs: number[];
  /**
   * Turn numbers of records whose answer is on the tape but started while the caller was speaking. The agent recorded a
   * gap because it took a pause for the end of the turn; the caller heard none.
   */
  spokenOver: number[];
  /** Turn numbers of records with a felt gap whose answer is not on the tape. */
  notOnTape: number[];
  /**
   * Turns that failed, by the agent's records. What the caller heard of them is no answer: `callerEndMs` is the end of the
   * caller's speech on the tape, if something was heard after it.
   */
  failed: { turn: number; problem: string; callerEndMs?: number }[];
}

/** Options of `alignCall`. */
export interface AlignCallOptions {
  records: readonly TurnRecord[];
  /** The caller's tape, by `detectGaps`. */
  measured: Pick<TapeMeasurement, 'turns' | 'overlaps'>;
  /** Both tapes, by `pairTapes`. */
  ends: TapePair;
  /** Start of the agent's tape minus start of the caller's tape by wall clock, ms; only where the clocks are synchronised. */
  agentBeganLaterMs?: number;
}

const unaccountedOf = ({ segments }: TurnRecord): number =>
  segments.reduce((sum, { owner, durationMs }) => sum + (owner.kind === 'unaccounted' ? durationMs : 0), 0);

function alignedTurn(record: TurnRecord, on: MeasuredTurn, options: AlignCallOptions): AlignedTurn {
  const { ends, agentBeganLaterMs } = options;
  const ledgerMs = record.feltGapMs!;
  const transport = ends.transport(on.callerEndMs, record.marks.firstAudible!);
  const turn = {
    turn: record.turn,
    callerEndMs: on.callerEndMs,
    tapeMs: on.gapMs,
    ledgerMs,
    unaccountedMs: unaccountedOf(record),
  };
  if (!transport) return turn;
  return {
    ...turn,
    transportMs: transport.totalMs,
    ...(agentBeganLaterMs === undefined
      ? {}
      : {
          toAgentMs: transport.toAgentLagMs + agentBeganLaterMs,
          toCallerMs: transport.toCallerLagMs - agentBeganLaterMs,
        }),
    differenceMs: ledgerMs + transport.totalMs - on.gapMs,
  };
}

/**
 * Aligns an agent's records with the tape of its caller, turn by turn, and compares ledger + transport with the gap on the
 * tape. The marks of the records must count from the beginning of the agent's tape. The transport is measured from the
 * audio alone, independent of the ledger and of the detected gaps.
 */
export function alignCall(options: AlignCallOptions): CallAlignment {
  const { records, measured, ends } = options;
  const left = new Set(measured.turns);
  const tooSoon = measured.overlaps.filter(({ by }) => by === 'agent');
  const turns: AlignedTurn[] = [];
  const spokenOver: number[] = [];
  const notOnTape: number[] = [];
  const failed: CallAlignment['failed'] = [];
  for (const record of records) {
    const audibleMs = record.marks.firstAudible;
    const hasFailed = isFailed(outcomeOf(record));
    const problem = record.problem ?? 'the turn failed';
    if (hasFailed && audibleMs === undefined) failed.push({ turn: record.turn, problem });
    if ((record.feltGapMs === undefined && !hasFailed) || audibleMs === undefined) continue;
    const offMs = (tapeMs: number) => Math.abs(tapeMs + ends.agentLagMs - audibleMs);
    const off = ({ agentStartMs }: MeasuredTurn) => offMs(agentStartMs);
    const [on] = [...left].filter((one) => off(one) <= SAME_ANSWER_MS).sort((a, b) => off(a) - off(b));
    if (on) left.delete(on);
    if (hasFailed) {
      failed.push({ turn: record.turn, problem, ...(on ? { callerEndMs: on.callerEndMs } : {}) });
      continue;
    }
    if (!on) {
      const isOver = tooSoon.some(({ startMs }) => offMs(startMs) <= SAME_ANSWER_MS);
      (isOver ? spokenOver : notOnTape).push(record.turn);
      continue;
    }
    turns.push(alignedTurn(record, on, options));
  }
  return {
    turns,
    unrecordedMs: [...left].map(({ callerEndMs }) => callerEndMs),
    spokenOver,
    notOnTape,
    failed,
  };
}
