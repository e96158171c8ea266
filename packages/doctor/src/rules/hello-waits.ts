import { median } from '@firstword/turn/statistics';
import type { EvidenceHello } from '../evidence.js';
import { confidenceFrom, isNoticeable, ms, savingOnSilences } from '../figures.js';
import type { EvidenceLine, Finding } from '../finding.js';
import type { Rule } from '../rule.js';
import { helloGainMs } from '../what-if/hello-plan.js';
import { findingOf } from './finding-of.js';

/** Waits shorter than this, ms, are no cause: they are the work itself. */
const LEAST_MS = 50;

/** How long a caller waited for these segments before the first words, ms. */
export const helloWaitMs = ({ segments }: EvidenceHello, names: readonly string[]): number =>
  segments.reduce((sum, { name, durationMs }) => sum + (names.includes(name) ? durationMs : 0), 0);

function helloLine(text: string, hellos: readonly EvidenceHello[]): EvidenceLine {
  const examples = hellos
    .slice(0, 3)
    .map(({ callId, place }) => ({ callId, turn: 0, ...(place === '' ? {} : { place }) }));
  return { text, turns: hellos.length, examples };
}

/** What a rule says of a wait before the first words. */
interface HelloFinding extends Pick<Finding, 'fix' | 'check'> {
  /** The segments that are the wait. */
  names: readonly string[];
  /** What remains of the wait once it is changed, ms. */
  remainsMs?: number;
  /** The verdict: in how many of how many calls, and how long at the median. */
  verdict(calls: number, of: number, middle: string): string;
  assumes: string;
  confidence: number;
  why: string;
}

/** A finding of one wait before the first words, if it is noticeable. */
export function helloFinding(
  rule: Rule,
  hellos: readonly EvidenceHello[],
  { names, remainsMs = 0, verdict, assumes, confidence, why, ...rest }: HelloFinding,
): Finding[] {
  const waitMs = (hello: EvidenceHello) => helloWaitMs(hello, names);
  const late = hellos.filter((hello) => waitMs(hello) - remainsMs >= LEAST_MS);
  const members = new Set(late);
  const saving = savingOnSilences(
    hellos.map((hello) => ({
      ms: hello.helloMs,
      // Where other work ended shortly before, that would be waited for instead.
      savedMs: members.has(hello) ? Math.min(waitMs(hello) - remainsMs, helloGainMs(hello, names)) : 0,
    })),
    assumes,
  );
  if (!isNoticeable(saving)) return [];
  const middle = ms(median(late.map(waitMs))!);
  return [
    findingOf(rule, {
      verdict: verdict(late.length, hellos.length, middle),
      evidence: [helloLine(`${names.join(', ')}: median ${middle}`, late)],
      confidence: confidenceFrom(confidence, late.length, why),
      saving,
      savingOf: 'hello',
      ...rest,
    }),
  ];
}
