import { type Distribution, distribution, percentile } from '@firstword/measure';
import type { LineKind } from './calls.js';
import type { CallOutcome, LineOutcome } from './outcome.js';
import { type GapPair, pairedRatio, type RatioEstimate } from './ratio.js';

/** An arm held against the first, on the lines that have a gap in both. */
export interface Versus {
  arm: string;
  pairs: number;
  p50?: RatioEstimate;
  p95?: RatioEstimate;
  p99?: RatioEstimate;
}

export interface KindReport {
  kind: LineKind;
  said: number;
  /** Lines of this kind with a gap on the tape. */
  count: number;
  p50Ms?: number;
  cutOffs: number;
}

/** What one arm did in all of its calls. */
export interface ArmReport {
  arm: string;
  calls: number;
  /** Lines said that ask for an answer. */
  lines: number;
  /** Felt gaps, from the tapes. */
  gaps?: Distribution;
  /** Felt gap p50 of the warm-up, ms, which nothing else counts; absent where there was none. */
  warmUpP50Ms?: number;
  /** Against the first arm; absent for the first. */
  versus?: Versus;
  /** Lines that the agent spoke into before they were all said. */
  cutOffs: number;
  /** Times a line was said and nothing came. */
  lost: number;
  /** Lines answered more than once. */
  doubled: number;
  /** Those that the agent stopped for, or took for a turn. */
  backchannels: { said: number; stopped: number };
  speculation: {
    turns: number;
    startedTurns: number;
    keptTurns: number;
    /** Kept of the turns in which one was started; absent where none was. */
    acceptance?: number;
    hiddenP50Ms?: number;
    /** LLM requests per turn, superseded ones included. */
    requestsPerTurn?: number;
    /** Tokens thrown away, of those of the answers; absent where the records do not tell. */
    extraTokensShare?: number;
  };
  errors: number;
  byKind: KindReport[];
}

export interface ComparisonReport {
  arms: ArmReport[];
}

const median = (values: readonly number[]) =>
  percentile(
    [...values].sort((a, b) => a - b),
    50,
  );

const gapsOf = (lines: readonly LineOutcome[]): number[] => lines.flatMap((line) => line.gapMs ?? []);

function byKind(lines: readonly LineOutcome[]): KindReport[] {
  const kinds = [...new Set(lines.map((line) => line.kind))];
  return kinds.map((kind) => {
    const said = lines.filter((line) => line.kind === kind);
    const gapsMs = gapsOf(said);
    return {
      kind,
      said: said.length,
      count: gapsMs.length,
      ...(gapsMs.length === 0 ? {} : { p50Ms: median(gapsMs) }),
      cutOffs: said.filter((line) => line.cutOff).length,
    };
  });
}

function speculationOf(calls: readonly CallOutcome[]): ArmReport['speculation'] {
  const all = calls.map((call) => call.speculation);
  const sum = (of: (facts: (typeof all)[number]) => number) => all.reduce((total, f) => total + of(f), 0);
  const turns = sum((f) => f.turns);
  const startedTurns = sum((f) => f.startedTurns);
  const keptTurns = sum((f) => f.keptTurns);
  const hiddenMs = all.flatMap((f) => f.hiddenMs);
  const answerTokens = sum((f) => f.answerTokens ?? 0);
  const tells = all.some((f) => f.wastedTokens !== undefined) && answerTokens > 0;
  return {
    turns,
    startedTurns,
    keptTurns,
    ...(startedTurns === 0 ? {} : { acceptance: keptTurns / startedTurns }),
    ...(hiddenMs.length === 0 ? {} : { hiddenP50Ms: median(hiddenMs) }),
    ...(turns === 0 ? {} : { requestsPerTurn: sum((f) => f.requests) / turns }),
    ...(tells ? { extraTokensShare: sum((f) => f.wastedTokens ?? 0) / answerTokens } : {}),
  };
}

/** The lines that have a gap in both arms, in the same round. */
export function pairsOf(base: readonly CallOutcome[], other: readonly CallOutcome[]): GapPair[] {
  const keyed = (calls: readonly CallOutcome[]) =>
    calls.flatMap(({ round, call, lines }) =>
      lines.flatMap(({ line, gapMs }) =>
        gapMs === undefined ? [] : [{ round, line: `${call}/${line}`, gapMs }],
      ),
    );
  const inOther = new Map(keyed(other).map(({ round, line, gapMs }) => [`${round}/${line}`, gapMs]));
  return keyed(base).flatMap(({ round, line, gapMs }) => {
    const otherMs = inOther.get(`${round}/${line}`);
    return otherMs === undefined ? [] : [{ line, baseMs: gapMs, otherMs }];
  });
}

function versus(arm: string, pairs: readonly GapPair[], seed: number): Versus {
  const [p50, p95, p99] = [50, 95, 99].map((percent) => pairedRatio(pairs, percent, { seed }));
  return {
    arm,
    pairs: pairs.length,
    ...(p50 ? { p50 } : {}),
    ...(p95 ? { p95 } : {}),
    ...(p99 ? { p99 } : {}),
  };
}

function armReport(arm: string, calls: readonly CallOutcome[], seed: number): ArmReport {
  const all = calls.flatMap((call) => call.lines);
  const lines = all.filter((line) => line.kind !== 'backchannel');
  const backchannels = all.filter((line) => line.kind === 'backchannel');
  const gaps = distribution(gapsOf(lines), { seed });
  return {
    arm,
    calls: calls.length,
    lines: lines.length,
    ...(gaps ? { gaps } : {}),
    cutOffs: lines.filter((line) => line.cutOff).length,
    lost: lines.reduce((sum, line) => sum + line.unanswered, 0),
    doubled: lines.filter((line) => line.extraAnswers > 0).length,
    backchannels: {
      said: backchannels.length,
      stopped: backchannels.filter((line) => line.stopped).length,
    },
    speculation: speculationOf(calls),
    errors: calls.reduce((sum, call) => sum + call.errors.length, 0),
    byKind: byKind(lines),
  };
}

/**
 * Holds every arm against the first. Pure.
 * @param arms their names, in order; the first is the one that the others are held against
 */
export function compareReport(
  arms: readonly string[],
  calls: readonly CallOutcome[],
  options: { seed?: number } = {},
): ComparisonReport {
  const seed = options.seed ?? 1;
  const callsOf = (arm: string) => calls.filter((call) => call.arm === arm && call.round > 0);
  const warmUpOf = (arm: string) => {
    const gapsMs = gapsOf(calls.filter((c) => c.arm === arm && c.round === 0).flatMap((c) => c.lines));
    return gapsMs.length === 0 ? {} : { warmUpP50Ms: median(gapsMs) };
  };
  const [first] = arms;
  if (first === undefined) return { arms: [] };
  const base = callsOf(first);
  return {
    arms: arms.map((arm, index) => {
      const report = { ...armReport(arm, callsOf(arm), seed), ...warmUpOf(arm) };
      return index === 0 ? report : { ...report, versus: versus(first, pairsOf(base, callsOf(arm)), seed) };
    }),
  };
}
