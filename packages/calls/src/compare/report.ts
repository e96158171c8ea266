import type { Distribution, Estimate } from '@firstword/records';
import { median } from '@firstword/turn/statistics';
import type { LineKind } from './calls.js';
import { type CpuReport, cpuReport } from './cpu-report.js';
import { estimateOf, gapDistribution, gapsOf, type LineGap, pairsOf } from './gaps.js';
import type { CallOutcome, LineOutcome } from './outcome.js';
import { type GapPair, pairedRatio, type RatioEstimate } from './ratio.js';
import { addedTokensShare } from './tokens.js';
import { wouldFit } from './turn-figures.js';

/** An arm held against the first, on the lines that have a gap in both. */
export interface ArmRatios {
  arm: string;
  pairs: number;
  p50?: RatioEstimate;
  p95?: RatioEstimate;
  p99?: RatioEstimate;
}

export interface LineKindReport {
  kind: LineKind;
  said: number;
  /** Lines of this kind with a gap on the tape. */
  count: number;
  p50Ms?: number;
  cutOffs: number;
}

/** So many of so many. */
export interface Fraction {
  count: number;
  of: number;
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
  versus?: ArmRatios;
  /** Lines that the agent spoke into before they were all said. */
  cutOffs: number;
  /** Times a line was said and nothing came. */
  lost: number;
  /** Lines answered more than once. */
  doubled: number;
  /** Answered for other words than the turn was committed with, of those of which that can be told. */
  wrong: Fraction;
  /** Heard as other words than were said, whichever part did it, of those of which that can be told. */
  misheard: Fraction;
  /** Where the LLM and the voice would have fitted into the commit delay: gap − commit delay. */
  fitted: { turns: number; of: number; afterCommit?: Estimate };
  /** Absent where the system does not tell. */
  cpu?: CpuReport;
  /** Tokens of the LLM beyond those of the same calls of the first arm, as a share; absent for the first. */
  addedTokensShare?: number;
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
    /** Of these, second ones that a router sent beside a late first one. */
    hedgesPerTurn?: number;
    /** Tokens thrown away, of those of the answers; absent where the records do not tell. */
    extraTokensShare?: number;
  };
  errors: number;
  byKind: LineKindReport[];
}

export interface ComparisonReport {
  arms: ArmReport[];
}

const gapsMsOf = (lines: readonly LineOutcome[]): number[] => lines.flatMap((line) => line.gapMs ?? []);

function byKind(lines: readonly LineOutcome[]): LineKindReport[] {
  const kinds = [...new Set(lines.map((line) => line.kind))];
  return kinds.map((kind) => {
    const said = lines.filter((line) => line.kind === kind);
    const gapsMs = gapsMsOf(said);
    return {
      kind,
      said: said.length,
      count: gapsMs.length,
      ...(gapsMs.length === 0 ? {} : { p50Ms: median(gapsMs)! }),
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
    ...(hiddenMs.length === 0 ? {} : { hiddenP50Ms: median(hiddenMs)! }),
    ...(turns === 0 ? {} : { requestsPerTurn: sum((f) => f.requests) / turns }),
    ...(all.some((f) => f.hedges !== undefined) ? { hedgesPerTurn: sum((f) => f.hedges ?? 0) / turns } : {}),
    ...(tells ? { extraTokensShare: sum((f) => f.wastedTokens ?? 0) / answerTokens } : {}),
  };
}

const shareOf = (judged: readonly (boolean | undefined)[]): Fraction => ({
  count: judged.filter((one) => one === true).length,
  of: judged.filter((one) => one !== undefined).length,
});

/** Of one arm's calls: what was left after the commit where LLM and voice would have fitted before it. */
export function fittedOf(calls: readonly CallOutcome[], seed: number): ArmReport['fitted'] {
  let of = 0;
  const after: LineGap[] = [];
  for (const { round, call, lines } of calls) {
    for (const { line, turn } of lines) {
      if (turn?.afterCommitMs === undefined || turn.llmAndTtsMs === undefined) continue;
      of += 1;
      if (wouldFit(turn)) after.push({ round, line: `${call}/${line}`, gapMs: turn.afterCommitMs });
    }
  }
  const estimate = after.length === 0 ? {} : { afterCommit: estimateOf(after, 50, seed) };
  return { turns: after.length, of, ...estimate };
}

function versus(arm: string, pairs: readonly GapPair[], seed: number): ArmRatios {
  const [p50, p95, p99] = [50, 95, 99].map((percent) => pairedRatio(pairs, percent, { seed }));
  return {
    arm,
    pairs: pairs.length,
    ...(p50 ? { p50 } : {}),
    ...(p95 ? { p95 } : {}),
    ...(p99 ? { p99 } : {}),
  };
}

function armReport(
  arm: string,
  calls: readonly CallOutcome[],
  base: readonly CallOutcome[] | undefined,
  seed: number,
): ArmReport {
  const all = calls.flatMap((call) => call.lines);
  const lines = all.filter((line) => line.kind !== 'backchannel');
  const backchannels = all.filter((line) => line.kind === 'backchannel');
  const gaps = gapDistribution(gapsOf(calls), seed);
  const cpu = cpuReport(calls, base, seed);
  const tokens = base && addedTokensShare(calls, base);
  return {
    arm,
    calls: calls.length,
    lines: lines.length,
    ...(gaps ? { gaps } : {}),
    cutOffs: lines.filter((line) => line.cutOff).length,
    lost: lines.reduce((sum, line) => sum + line.unanswered, 0),
    doubled: lines.filter((line) => line.extraAnswers > 0).length,
    wrong: shareOf(lines.map((line) => line.wrong)),
    misheard: shareOf(lines.map((line) => line.misheard)),
    fitted: fittedOf(calls, seed),
    ...(cpu ? { cpu } : {}),
    ...(tokens === undefined ? {} : { addedTokensShare: tokens }),
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
    const cold = calls.filter((call) => call.arm === arm && call.round === 0);
    const gapsMs = gapsMsOf(cold.flatMap((call) => call.lines));
    return gapsMs.length === 0 ? {} : { warmUpP50Ms: median(gapsMs)! };
  };
  const [first] = arms;
  if (first === undefined) return { arms: [] };
  const base = callsOf(first);
  return {
    arms: arms.map((arm, index) => {
      const held = index === 0 ? undefined : base;
      const report = { ...armReport(arm, callsOf(arm), held, seed), ...warmUpOf(arm) };
      return index === 0 ? report : { ...report, versus: versus(first, pairsOf(base, callsOf(arm)), seed) };
    }),
  };
}
