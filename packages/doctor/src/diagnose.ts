import { type FailureSummary, failuresText } from '@firstword/records';
import { redactAll } from '@firstword/turn';
import type { Evidence, LogInputSummary, SdkLanguage } from './evidence.js';
import { failuresIn } from './failed-turns.js';
import { ms, percent } from './figures.js';
import { type Finding, LEVELS, type Level, type RankedFinding } from './finding.js';
import { type GapBreakdown, gapBreakdownOf } from './gap-breakdown.js';
import { pageUrl, rulePage } from './pages.js';
import type { PublishedTtft } from './references.js';
import type { Rule } from './rule.js';
import { RULES } from './rules/index.js';
import { inSdk } from './sdk.js';
import { withPartners } from './together.js';
import { HIGH_MS, MEDIUM_MS, weightOf } from './weight.js';

/** A diagnosis. It contains no transcripts and can be shared. */
export interface Diagnosis {
  type: 'diagnosis';
  schema: 'firstword.diagnosis/1';
  /** The one sentence that comes first. */
  verdict: string;
  /** Ranked by saving × confidence, and failures by the share of the turns that failed. */
  findings: RankedFinding[];
  gapBreakdown: GapBreakdown | undefined;
  /** Turns that failed: they are in no gap. */
  failures: FailureSummary;
  /** Rules without a finding. */
  silent: string[];
  /** The LiveKit SDK that wrote the data, whose names the findings use; absent where it is not known. */
  sdk?: SdkLanguage;
  seen: Evidence['seen'];
  /** Turns that were examined: all, or those of calls chosen by their id. */
  examined: { turns: number; calls: number };
  read: LogInputSummary;
}

const levelOf = (weightMs: number): Level =>
  weightMs >= HIGH_MS ? LEVELS[2] : weightMs >= MEDIUM_MS ? LEVELS[1] : LEVELS[0];

/** A wait that a blocked thread would also explain keeps this fraction of its weight. */
const HELD_UP = 0.5;

/** Whether a finding that delays every step explains this one: its saving is no longer than that delay. */
function isHeldUp({ saving, isBroken, delaysEveryStepMs: own }: Finding, all: readonly Finding[]): boolean {
  if (!saving || isBroken || own !== undefined) return false;
  return all.some(
    ({ delaysEveryStepMs }) => delaysEveryStepMs !== undefined && saving.meanMs <= delaysEveryStepMs,
  );
}

/**
 * A finding that shows where time is lost, but not why, has the weight of the time that known causes leave unexplained.
 */
function unexplainedMs(finding: Finding, all: readonly Finding[]): number {
  const weightMs = weightOf(finding) * (isHeldUp(finding, all) ? HELD_UP : 1);
  if (finding.kind !== 'unknown') return weightMs;
  const explained = all.filter(
    ({ kind, part, saving }) => kind === 'cause' && part === finding.part && saving,
  );
  return Math.max(0, weightMs - explained.reduce((sum, cause) => sum + weightOf(cause), 0));
}

/** Whether two findings' savings are of the same milliseconds: speculation hides what a fast LLM would not take. */
function overlap(a: Finding, b: Finding): boolean {
  const isLlm = ({ part }: Finding) => part === 'LLM' || part === 'speculation';
  return a.part === b.part || (isLlm(a) && isLlm(b));
}

/** Ranks findings, and lists for each the others that explain the same time. */
export function rank(findings: readonly Finding[]): RankedFinding[] {
  const weighed = findings
    .map((finding) => ({ finding, weightMs: unexplainedMs(finding, findings) }))
    .sort((a, b) => b.weightMs - a.weightMs);
  return weighed.map(({ finding, weightMs }, at) => ({
    ...finding,
    rank: at + 1,
    weightMs,
    level: levelOf(weightMs),
    docs: pageUrl(rulePage(finding.rule)),
    rivals: weighed
      .filter(({ finding: other }) => other !== finding && overlap(other, finding) && other.saving)
      .map(({ finding: other }) => other.rule),
  }));
}

function verdictOf(
  findings: readonly RankedFinding[],
  gapBreakdown: GapBreakdown | undefined,
  failed: string | undefined,
): string {
  if (failed !== undefined && !gapBreakdown) return `${failed}. No turn has a gap to explain.`;
  const rest = silenceVerdict(findings, gapBreakdown);
  return failed === undefined ? rest : `${failed}. ${rest}`;
}

function silenceVerdict(findings: readonly RankedFinding[], gapBreakdown: GapBreakdown | undefined): string {
  const found = findings.find(({ level }) => level !== 'low') ?? findings[0];
  if (!gapBreakdown)
    return found?.verdict ?? 'No turn has a beginning and an end: there is no gap to explain.';
  const silence =
    gapBreakdown.turns === 1
      ? `${ms(gapBreakdown.p50Ms)} of silence`
      : `Silence of ${ms(gapBreakdown.p50Ms)} at the median, ${ms(gapBreakdown.p95Ms)} at p95`;
  const [most, next] = gapBreakdown.parts;
  const where = most
    ? `: ${percent(most.share)} ${most.name}${next ? `, ${percent(next.share)} ${next.name}` : ''}`
    : '';
  return found ? `${silence}${where}.` : `${silence}: nothing stands out.`;
}

/** Options of `diagnose`. */
export interface DiagnoseOptions {
  /** Show call ids and file names unredacted, telephone numbers included; false by default. */
  names?: boolean | undefined;
  /** Ranges of times to first token that come before the published ones; none by default. */
  ranges?: readonly PublishedTtft[] | undefined;
}

/**
 * Examines evidence by every rule.
 */
export function diagnose(
  evidence: Evidence,
  rules: readonly Rule[] = RULES,
  { names = false, ranges = [] }: DiagnoseOptions = {},
): Diagnosis {
  const found = withPartners({ ...evidence, ranges }, rules);
  const { sdk } = evidence;
  const findings = rank(found.map((finding) => inSdk(finding, sdk)));
  const gapBreakdown = gapBreakdownOf(evidence);
  const failures = failuresIn(evidence.turns);
  const failed = failuresText(failures, evidence.turns.length);
  const spoke = new Set(found.map(({ rule }) => rule));
  const diagnosis: Diagnosis = {
    type: 'diagnosis',
    schema: 'firstword.diagnosis/1',
    verdict: verdictOf(findings, gapBreakdown, failed),
    gapBreakdown,
    failures,
    findings,
    silent: rules.map(({ id }) => id).filter((id) => !spoke.has(id)),
    ...(sdk === undefined ? {} : { sdk }),
    seen: evidence.seen,
    examined: { turns: evidence.turns.length, calls: evidence.calls.length },
    read: evidence.input,
  };
  if (names) return diagnosis;
  const redacted = redactAll(diagnosis);
  // A link must not be redacted: a folder may have a name that looks like a telephone number.
  return {
    ...redacted,
    findings: redacted.findings.map((one, at) => ({ ...one, docs: findings[at]!.docs })),
  };
}
