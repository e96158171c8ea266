import type { Evidence, InputAccount } from './evidence.js';
import { type Finding, LEVELS, type Level, type RankedFinding } from './finding.js';
import type { Rule } from './rule.js';
import { RULES } from './rules/index.js';

/** What the doctor says. Without words of either side: it can be passed on. */
export interface Diagnosis {
  type: 'diagnosis';
  schema: 'firstword.diagnosis/1';
  /** The one sentence that comes first. */
  verdict: string;
  /** Ranked by saving × confidence. */
  findings: RankedFinding[];
  /** Rules that had nothing to say. */
  silent: string[];
  seen: Evidence['seen'];
  /** Turns that were examined: all, or those of calls chosen by their id. */
  examined: { turns: number; calls: number };
  read: InputAccount;
}

const HIGH_MS = 200;
const MEDIUM_MS = 60;
/** A finding without a figure, such as data that cannot be true, still has a place: below anything that costs time. */
const NO_FIGURE_MS = 10;

const levelOf = (weightMs: number): Level =>
  weightMs >= HIGH_MS ? LEVELS[2] : weightMs >= MEDIUM_MS ? LEVELS[1] : LEVELS[0];

/** Saving × confidence: half of it by the mean turn, half by the slow ones, which are what callers complain of. */
export function weightOf({ saving, confidence }: Finding): number {
  const savedMs = saving ? (saving.meanMs + Math.max(saving.meanMs, saving.p95Ms)) / 2 : NO_FIGURE_MS;
  return savedMs * confidence.value;
}

/** Puts findings in order, and tells of each which others explain the same time. */
export function rank(findings: readonly Finding[]): RankedFinding[] {
  const weighed = findings
    .map((finding) => ({ finding, weightMs: weightOf(finding) }))
    .sort((a, b) => b.weightMs - a.weightMs);
  return weighed.map(({ finding, weightMs }, at) => ({
    ...finding,
    rank: at + 1,
    weightMs,
    level: levelOf(weightMs),
    docs: `docs/doctor/${finding.rule}.md`,
    rivals: weighed
      .filter(({ finding: other }) => other !== finding && other.part === finding.part && other.saving)
      .map(({ finding: other }) => other.rule),
  }));
}

/** Examines evidence by every rule. */
export function diagnose(evidence: Evidence, rules: readonly Rule[] = RULES): Diagnosis {
  const found = rules.flatMap((rule) => rule.examine(evidence));
  const findings = rank(found);
  const spoke = new Set(found.map(({ rule }) => rule));
  return {
    type: 'diagnosis',
    schema: 'firstword.diagnosis/1',
    verdict: findings[0]?.verdict ?? 'Nothing stands out.',
    findings,
    silent: rules.map(({ id }) => id).filter((id) => !spoke.has(id)),
    seen: evidence.seen,
    examined: { turns: evidence.turns.length, calls: evidence.calls.length },
    read: evidence.account,
  };
}
