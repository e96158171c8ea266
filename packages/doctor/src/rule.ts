import type { Evidence } from './evidence.js';
import type { Finding, FindingPart } from './finding.js';

/** One cause of slow turns. A pure function of the evidence. */
export interface Rule {
  /** Also the name of its file and of its page, `docs/doctor/<id>.md`. */
  id: string;
  title: string;
  /** The cause that it looks for, in one line. */
  looksFor: string;
  /** The data it needs; without it the rule finds nothing. */
  needs: string;
  part: FindingPart;
  /** Findings, none where the evidence does not show the cause. */
  examine(evidence: Evidence): Finding[];
}
