import { type Distribution, distribution, type Estimate } from '@firstword/records';
import { type AlignmentSummary, summariseAlignments } from '../alignment/summary.js';
import { type GapPair, pairedRatio, type RatioEstimate } from '../compare/ratio.js';
import type { MeasuredCall, TapeTurn } from './measured-call.js';

/** A call of one round. The callers of a round are the same in every arm. */
export interface RoundCall {
  round: number;
  /** Index of the caller within the round, from 0. */
  caller: number;
  call: MeasuredCall;
}

/** The calls of one arm. */
export interface RoomArm {
  name: string;
  calls: readonly RoundCall[];
}

interface ArmFigures {
  name: string;
  calls: number;
  /** Lines spoken. */
  lines: number;
  lost: number;
  answeredTwice: number;
  brokenOff: number;
  gap?: Distribution;
  alignment?: AlignmentSummary;
}

/** Results of calls into real rooms; every gap is from a caller's tape. */
export interface RoomReport {
  arms: ArmFigures[];
  /** Ratio of the second arm's gaps to the first one's, over lines answered in both. */
  ratio?: ArmRatio;
  /** The same without transport, which no agent can shorten; over lines whose transport was measured in both. */
  ratioWithoutTransport?: ArmRatio;
}

interface ArmRatio {
  pairs: number;
  p50: RatioEstimate;
  p95: RatioEstimate;
}

function figuresOf({ name, calls }: RoomArm): ArmFigures {
  const count = (of: (call: MeasuredCall) => number) => calls.reduce((sum, { call }) => sum + of(call), 0);
  const gap = distribution(calls.flatMap(({ call }) => call.gapsMs));
  const alignments = calls.flatMap(({ call }) => call.alignment ?? []);
  return {
    name,
    calls: calls.length,
    lines: count(({ caller }) => caller.turns.length),
    lost: count(({ caller }) => caller.lost),
    answeredTwice: count(({ caller }) => caller.answeredTwice),
    brokenOff: count(({ brokenOff }) => (brokenOff === undefined ? 0 : 1)),
    ...(gap ? { gap } : {}),
    ...(alignments.length > 0 ? { alignment: summariseAlignments(alignments) } : {}),
  };
}

type GapOf = (turn: TapeTurn, call: MeasuredCall) => number | undefined;

const onTape: GapOf = ({ gapMs }) => gapMs;

const withoutTransport: GapOf = ({ callerEndMs, gapMs }, { alignment }) => {
  const transportMs = alignment?.turns.find((one) => one.callerEndMs === callerEndMs)?.transportMs;
  return transportMs === undefined ? undefined : gapMs - transportMs;
};

/** The lines that have a gap in both arms, said by the same caller in the same round. */
function pairsOf(base: RoomArm, other: RoomArm, gapOf: GapOf): GapPair[] {
  const keyed = ({ calls }: RoomArm) =>
    calls.flatMap(({ round, caller, call }) =>
      call.turns.flatMap((turn) => {
        const gapMs = gapOf(turn, call);
        if (turn.turn === undefined || gapMs === undefined) return [];
        return [{ key: `${round}/${caller}/${turn.turn}`, line: String(turn.turn), gapMs }];
      }),
    );
  const inOther = new Map(keyed(other).map(({ key, gapMs }) => [key, gapMs]));
  return keyed(base).flatMap(({ key, line, gapMs }) => {
    const otherMs = inOther.get(key);
    return otherMs === undefined ? [] : [{ line, baseMs: gapMs, otherMs }];
  });
}

function ratioOf(pairs: readonly GapPair[], options: { seed?: number }): ArmRatio | undefined {
  const [p50, p95] = [50, 95].map((percent) => pairedRatio(pairs, percent, options));
  return p50 && p95 ? { pairs: pairs.length, p50, p95 } : undefined;
}

/**
 * Computes the report of calls into real rooms.
 * @param arms the baseline first; ratios are computed for the second
 * @param options.seed of the bootstrap intervals; default 1
 */
export function roomReport(arms: readonly RoomArm[], options: { seed?: number } = {}): RoomReport {
  const [base, other] = arms;
  const ratio = (gapOf: GapOf) => base && other && ratioOf(pairsOf(base, other, gapOf), options);
  const [all, less] = [ratio(onTape), ratio(withoutTransport)];
  return {
    arms: arms.map(figuresOf),
    ...(all ? { ratio: all } : {}),
    ...(less ? { ratioWithoutTransport: less } : {}),
  };
}

const ms = ({ valueMs, lowMs, highMs }: Estimate) =>
  lowMs === undefined || highMs === undefined
    ? `${Math.round(valueMs)}`
    : `${Math.round(valueMs)} [${Math.round(lowMs)}–${Math.round(highMs)}]`;

const share = ({ ratio, low, high }: RatioEstimate) =>
  low === undefined || high === undefined
    ? ratio.toFixed(2)
    : `${ratio.toFixed(2)} [${low.toFixed(2)}–${high.toFixed(2)}]`;

function armLines({
  name,
  calls,
  lines,
  lost,
  answeredTwice,
  brokenOff,
  gap,
  alignment,
}: ArmFigures): string[] {
  return [
    `${name}: ${calls} calls, ${lines} lines; lost ${lost}, answered twice ${answeredTwice}, calls ended early ${brokenOff}`,
    ...(gap ? [`  felt gap on the tapes   n ${gap.count}  p50 ${ms(gap.p50)}  p95 ${ms(gap.p95)} ms`] : []),
    ...(alignment
      ? [
          `  turns on the tapes      ${alignment.turns} with a record, ${alignment.unrecorded} without; ${alignment.notOnTape} records not on a tape, ${alignment.spokenOver} started over the caller`,
        ]
      : []),
    ...(alignment?.transport
      ? [
          `  transport, from audio   p50 ${ms(alignment.transport.p50)}  p95 ${ms(alignment.transport.p95)} ms (${alignment.notMeasured} not found)`,
        ]
      : []),
    ...(alignment?.difference
      ? [
          `  |ledger + transport − tape|  p50 ${ms(alignment.difference.p50)}  p95 ${ms(alignment.difference.p95)} ms`,
        ]
      : []),
    ...(alignment?.unaccounted ? [`  unaccounted in ledgers  p95 ${ms(alignment.unaccounted.p95)} ms`] : []),
  ];
}

/** The report as text for a terminal. */
export function renderRoomReport({ arms, ratio, ratioWithoutTransport }: RoomReport): string {
  const [base, other] = arms;
  const line = (of: ArmRatio | undefined, what: string) =>
    of && base && other
      ? [
          `${other.name} / ${base.name}, ${what} (${of.pairs} pairs): p50 ${share(of.p50)}, p95 ${share(of.p95)}`,
        ]
      : [];
  return [
    ...arms.flatMap((arm) => [...armLines(arm), '']),
    ...line(ratio, 'the same lines'),
    ...line(ratioWithoutTransport, 'without the transport'),
  ].join('\n');
}
