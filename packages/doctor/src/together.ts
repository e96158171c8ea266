import type { Evidence } from './evidence.js';
import { ms } from './figures.js';
import type { Finding } from './finding.js';
import type { Rule } from './rule.js';
import { MEDIUM_MS, weightOf } from './weight.js';

/** A finding that gains less than this share of what its length promises is bounded by other work. */
const BOUNDED = 0.5;

const isSame = (a: Finding) => (b: Finding) => a.rule === b.rule && a.part === b.part;

/** Whether it would be worth a change if nothing else ended shortly before. */
const isCandidate = (finding: Finding): boolean =>
  finding.kind === 'cause' && finding.saving?.stages !== undefined && weightOf(finding) >= MEDIUM_MS;

/** The finding as if its partner had been changed before, if that makes it worth a change. */
function besides(
  evidence: Evidence,
  rule: Rule,
  found: Finding,
  alone: Finding | undefined,
  partner: Finding,
) {
  const again = rule.examine({ ...evidence, alsoChanged: partner.saving!.stages! }).find(isSame(found));
  const aloneMs = alone ? weightOf(alone) : 0;
  if (!again?.saving || weightOf(again) < Math.max(MEDIUM_MS, aloneMs / BOUNDED)) return undefined;
  const { verdict, saving } = again;
  return {
    ...again,
    verdict: `${verdict} Change it together with “${partner.title}”, which ends at about the same time: alone it saves ${ms(alone?.saving?.meanMs ?? 0)}.`,
    saving: { ...saving, assumes: `${saving.assumes}; “${partner.title}” is changed too` },
  };
}

/**
 * Examines evidence by every rule. Two waits that end together gain next to nothing each: where a finding is bounded by the
 * work of another one, it is examined again as if the other had been changed.
 */
export function withPartners(evidence: Evidence, rules: readonly Rule[]): Finding[] {
  const found = rules.flatMap((rule) => rule.examine(evidence));
  const unbounded: Evidence = { ...evidence, alsoChanged: 'everything else' };
  const candidates = rules.flatMap((rule) =>
    rule
      .examine(unbounded)
      .filter(isCandidate)
      .map((finding) => ({ rule, finding })),
  );
  for (const { rule, finding } of candidates) {
    const at = found.findIndex(isSame(finding));
    const alone = found[at];
    if (alone && weightOf(alone) >= BOUNDED * weightOf(finding)) continue;
    const partners = candidates.filter((other) => other.rule !== rule);
    for (const partner of partners) {
      const again = besides(evidence, rule, finding, alone, partner.finding);
      if (!again) continue;
      if (alone) found[at] = again;
      else found.push(again);
      break;
    }
  }
  return found;
}
