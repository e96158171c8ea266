import { countText, plainText, plural } from '@firstword/records';
import { refusedText } from '@firstword/records/import';
import type { Diagnosis } from '../diagnose.js';
import type { LogInputSummary } from '../evidence.js';
import type { Finding, RankedFinding, TurnRef } from '../finding.js';

/** Texts of a diagnosis that all output formats share. */

const SILENCES = {
  hello: 'time to hello',
  tool: 'silence at tools',
  bargeIn: 'stop at interruptions',
} as const;

const whole = (ms: number): string => countText(Math.round(ms));

/** `saves 465 ms (291–581)`; with p95 where mainly the slow turns gain. Of failed turns, their share: `30 % of the turns`. */
export function savingText({ saving, savingOf, failedShare }: Finding): string {
  if (failedShare !== undefined)
    return `${failedShare < 0.01 ? '< 1' : Math.round(failedShare * 100)} % of the turns`;
  if (!saving) return 'no figure';
  const tail = saving.p95Ms > 1.5 * saving.meanMs ? `, p95 ${whole(saving.p95Ms)}` : '';
  const what = savingOf === undefined ? '' : ` of the ${SILENCES[savingOf]}`;
  return `saves ${whole(saving.meanMs)} ms${what} (${whole(saving.lowMs)}–${whole(saving.highMs)})${tail}`;
}

/** `85 % sure` */
export const confidenceText = ({ confidence }: Finding): string =>
  `${Math.round(confidence.value * 100)} % sure`;

/** `call-7 turn 3 (turns.jsonl:12)`; of a call without a turn `call-7 (turns.jsonl:1)` */
export function refText({ callId, turn, place }: TurnRef): string {
  const which = turn === 0 ? callId : `${callId} turn ${turn}`;
  return plainText(`${which}${place ? ` (${place})` : ''}`);
}

const measureText = {
  feltGap: 'felt gap',
  firstFrame: 'to the first frame sent (e2e_latency)',
  reportedParts: 'sum of the parts that the log reports',
} as const;

/** `120 turns · 12 calls · felt gap p50 601, p95 1,202 ms` */
export function diagnosisHeadline({ examined, seen, gapBreakdown }: Diagnosis): string {
  const some =
    seen.turns > examined.turns
      ? ` (${plural(examined.turns, 'turn')} of calls chosen by their id examined)`
      : '';
  const gap = gapBreakdown
    ? gapBreakdown.turns === 1
      ? [`${whole(gapBreakdown.p50Ms)} ms ${measureText[gapBreakdown.measure]}`]
      : [
          `p50 ${whole(gapBreakdown.p50Ms)}, p95 ${whole(gapBreakdown.p95Ms)} ms ${measureText[gapBreakdown.measure]}`,
        ]
    : [];
  return [plural(seen.turns, 'turn') + some, plural(seen.calls, 'call'), ...gap].join(' · ');
}

/** What was read and what was not, one sentence a line. */
export function inputSummaryText(read: LogInputSummary): string[] {
  const kinds = read.understood.map(({ as, lines }) => `${plural(lines, 'line')} of ${as}`);
  const lines = [`Read ${kinds.length > 0 ? kinds.join(', ') : 'nothing in a known format'}.`];
  if (read.duplicates > 0)
    lines.push(`${plural(read.duplicates, 'turn')} were duplicates and are counted once.`);
  if (read.badLines > 0) {
    lines.push(`${plural(read.badLines, 'line')} not understood:`);
    for (const { file, line, reason } of read.someBadLines)
      lines.push(`  ${plainText(file)}:${line}: ${plainText(reason)}`);
    const more = read.badLines - read.someBadLines.length;
    if (more > 0) lines.push(`  and ${countText(more)} more`);
  }
  for (const refused of read.refused) lines.push(`${refusedText(refused)}.`);
  for (const { name, reason } of read.skippedFiles)
    lines.push(`${plainText(name)} ${plainText(reason)}: left out.`);
  return lines;
}

/** Which other findings explain the same time, if any. */
export function rivalsText({ rivals }: RankedFinding): string | undefined {
  return rivals.length > 0
    ? `the same milliseconds may be ${rivals.slice(0, 3).join(', ')}: savings do not add up`
    : undefined;
}
