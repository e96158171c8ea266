import type { Distribution, Estimate } from '@firstword/records';
import { intervalOf, median } from '@firstword/turn/statistics';
import type { LineKind } from './calls.js';
import { type CpuReport, cpuReport } from './cpu-report.js';
import { estimateOf, gapDistribution, gapsOf, type LineGap, pairsOf } from './gaps.js';
import type { CallOutcome, LineOutcome } from './outcome.js';
import { clusterOf, type GapPair, pairedRatio, type RatioEstimate } from './ratio.js';
import { addedTokensShare } from './tokens.js';
import { wouldFit } from './turn-figures.js';

/** Ratios of an arm to the first one, over the lines that have a gap in both. */
export interface ArmRatios {
  /** Name of the first arm. */
  arm: string;
  /** Number of paired gaps. */
  pairs: number;
  p50?: RatioEstimate;
  p95?: RatioEstimate;
  p99?: RatioEstimate;
}

/** The lines of one kind in one arm. */
export interface LineKindReport {
  kind: LineKind;
  /** Lines of this kind. */
  said: number;
  /** Lines of this kind with a gap on the tape. */
  count: number;
  p50Ms?: number;
  cutOffs: number;
}

/** A count out of a total. */
export interface Fraction {
  count: number;
  of: number;
}

/** All figures of one arm. */
export interface ArmReport {
  arm: string;
  calls: number;
  /** Lines that need an answer, without backchannels. */
  lines: number;
  /** Felt gaps, from the tapes. */
  gaps?: Distribution;
  /** Felt gap p50 of the warm-up, ms, which is excluded from all other figures; absent without warm-up. */
  warmUpP50Ms?: number;
  /** Ratios to the first arm; absent for the first. */
  versus?: ArmRatios;
  /** Lines during which the agent started to speak. */
  cutOffs: number;
  /** 95 % interval of their share, 0 to 1; absent for a single line or speaker. */
  cutOffShare?: { low: number; high: number };
  /** Attempts without an answer. */
  lost: number;
  /** Lines whose turn failed: an apology, or an answer that broke off. They have no gap. */
  failed: number;
  /** Lines answered more than once. */
  doubled: number;
  /** Lines answered for other words than the committed ones, of those that can be judged. */
  wrong: Fraction;
  /** Lines whose transcript differs from the spoken words, of those that can be judged. */
  misheard: Fraction;
  /** Turns whose LLM and TTS latency would fit into the commit delay; `afterCommit` is their gap − commit delay. */
  fitted: { turns: number; of: number; afterCommit?: Estimate };
  /** CPU cost; absent where the system does not report it. */
  cpu?: CpuReport;
  /** Additional LLM tokens relative to the same calls of the first arm; absent for the first. */
  addedTokensShare?: number;
  /** Backchannels, and those that the agent stopped for or took for a turn. */
  backchannels: { said: number; stopped: number };
  speculation: {
    turns: number;
    startedTurns: number;
    keptTurns: number;
    /** Share of kept speculations among turns with one; absent where there was none. */
    acceptance?: number;
    hiddenP50Ms?: number;
    /** LLM requests per turn, superseded ones included. */
    requestsPerTurn?: number;
    /** Hedges per turn; absent without a router. */
    hedgesPerTurn?: number;
    /** Wasted tokens relative to the tokens of the answers; absent where not reported. */
    extraTokensShare?: number;
  };
  errors: number;
  byKind: LineKindReport[];
}

/** The report of a comparison, one entry per arm. */
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
  const hasTokens = all.some((f) => f.wastedTokens !== undefined) && answerTokens > 0;
  return {
    turns,
    startedTurns,
    keptTurns,
    ...(startedTurns === 0 ? {} : { acceptance: keptTurns / startedTurns }),
    ...(hiddenMs.length === 0 ? {} : { hiddenP50Ms: median(hiddenMs)! }),
    ...(turns === 0 ? {} : { requestsPerTurn: sum((f) => f.requests) / turns }),
    ...(all.some((f) => f.hedges !== undefined) ? { hedgesPerTurn: sum((f) => f.hedges ?? 0) / turns } : {}),
    ...(hasTokens ? { extraTokensShare: sum((f) => f.wastedTokens ?? 0) / answerTokens } : {}),
  };
}

const shareOf = (judged: readonly (boolean | undefined)[]): Fraction => ({
  count: judged.filter((one) => one === true).length,
  of: judged.filter((one) => one !== undefined).length,
});

/** The gap after the commit, over the turns of an arm whose LLM and TTS latency would fit into the commit delay. */
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

/** The interval of the share of lines that were cut off, resampled as the gaps are. */
function cutOffShare(calls: readonly CallOutcome[], seed: number): ArmReport['cutOffShare'] {
  const lines = calls.flatMap(({ call, lines }) =>
    lines
      .filter(({ kind }) => kind !== 'backchannel')
      .map(({ line, speaker, cutOff }) => ({ line: `${call}/${line}`, speaker, cutOff })),
  );
  const share = (some: readonly (typeof lines)[number][]) =>
    some.filter(({ cutOff }) => cutOff).length / some.length;
  return lines.length === 0 ? undefined : intervalOf(lines, clusterOf, share, { seed });
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
  const cutOffs = cutOffShare(calls, seed);
  const tokens = base && addedTokensShare(calls, base);
  return {
    arm,
    calls: calls.length,
    lines: lines.length,
    ...(gaps ? { gaps } : {}),
    cutOffs: lines.filter((line) => line.cutOff).length,
    ...(cutOffs ? { cutOffShare: cutOffs } : {}),
    failed: lines.filter((line) => line.failed).length,
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
 * Computes the report of a comparison. Pure.
 * @param arms names of the arms, in order; the first one is the baseline
 * @param options.seed of the bootstrap intervals; default 1
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
      const baseline = index === 0 ? undefined : base;
      const report = { ...armReport(arm, callsOf(arm), baseline, seed), ...warmUpOf(arm) };
      return index === 0 ? report : { ...report, versus: versus(first, pairsOf(base, callsOf(arm)), seed) };
    }),
  };
}
