import type { TurnRecord } from '@firstword/turn';
import type { MeasuredTurn, TapeMeasurement } from '../tape/gap-detector.js';
import type { TapePair } from './tape-pair.js';

/**
 * A record's answer and one on the tape that begin within this of each other, the clocks laid over, are the same, ms: the
 * nearest of them. On a starved machine one answer was under way for 0.55 s longer than the others of its call.
 */
const SAME_ANSWER_MS = 800;

/** A turn of the caller's tape, and what the agent's record says of it. All in ms. */
export interface AlignedTurn {
  /** Number of the turn in the records. */
  turn: number;
  /** End of the caller's speech, from the beginning of its tape. */
  callerEndMs: number;
  /** Felt gap on the caller's tape. */
  tapeMs: number;
  /** The record's own felt gap: the sum of its ledger. */
  ledgerMs: number;
  /** Between the two ends: codec, network and jitter buffers, there and back, found by the sound of this very turn. */
  transportMs?: number;
  /** From the caller to the agent, and back, where both ends' wall clocks are set alike. */
  toAgentMs?: number;
  toCallerMs?: number;
  /** Ledger + transport − tape. */
  differenceMs?: number;
  /** What the ledger itself leaves without an owner. */
  unaccountedMs: number;
}

export interface CallAlignment {
  turns: AlignedTurn[];
  /** Turns on the tape that no record accounts for: their place on it, ms from its beginning. */
  unrecordedMs: number[];
  /**
   * Numbers of the records whose answer is on the tape, but began over the caller's speech: the agent heard a gap in a
   * pause, and its caller none.
   */
  spokenOver: number[];
  /** Numbers of the records with a felt gap whose answer is not on the tape. */
  notOnTape: number[];
}

export interface AlignCallOptions {
  records: readonly TurnRecord[];
  /** The caller's tape, by `detectGaps`. */
  measured: Pick<TapeMeasurement, 'turns' | 'overlaps'>;
  ends: TapePair;
  /** How much later by the wall the agent's tape began than the caller's, ms, where the walls can be compared. */
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
 * Holds an agent's records against the tape of its caller: turn by turn, what the ledger, the transport and the tape say.
 * The marks of the records count from the beginning of the agent's tape. The transport is found by sound alone: neither
 * the ledger's figures nor the tape's go into it.
 */
export function alignCall(options: AlignCallOptions): CallAlignment {
  const { records, measured, ends } = options;
  const left = new Set(measured.turns);
  const tooSoon = measured.overlaps.filter(({ by }) => by === 'agent');
  const turns: AlignedTurn[] = [];
  const spokenOver: number[] = [];
  const notOnTape: number[] = [];
  for (const record of records) {
    const audibleMs = record.marks.firstAudible;
    if (record.feltGapMs === undefined || audibleMs === undefined) continue;
    const offMs = (tapeMs: number) => Math.abs(tapeMs + ends.agentLagMs - audibleMs);
    const off = ({ agentStartMs }: MeasuredTurn) => offMs(agentStartMs);
    const [on] = [...left].filter((one) => off(one) <= SAME_ANSWER_MS).sort((a, b) => off(a) - off(b));
    if (!on) {
      const isOver = tooSoon.some(({ startMs }) => offMs(startMs) <= SAME_ANSWER_MS);
      (isOver ? spokenOver : notOnTape).push(record.turn);
      continue;
    }
    left.delete(on);
    turns.push(alignedTurn(record, on, options));
  }
  return { turns, unrecordedMs: [...left].map(({ callerEndMs }) => callerEndMs), spokenOver, notOnTape };
}
