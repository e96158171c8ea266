import { markdownCell, markdownSentence, plainText, wholeMs } from '@firstword/records';
import type { Diagnosis } from '../diagnose.js';
import type { RankedFinding } from '../finding.js';
import {
  confidenceText,
  diagnosisHeadline,
  inputSummaryText,
  refText,
  rivalsText,
  savingText,
} from './doctor-words.js';

/** The fence is longer than any in the code, so that a name in the code cannot end it. */
function fenced(code: string | undefined): string[] {
  if (code === undefined) return [];
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return ['', `  ${fence}ts`, ...code.split('\n').map((line) => `  ${plainText(line)}`), `  ${fence}`];
}

/** Markdown is pasted elsewhere, where a file of this machine cannot be opened and its path contains the user's name. */
const webLink = ({ docs, rule }: RankedFinding): string =>
  docs.startsWith('https:') ? `[${rule}](${docs}), or ` : '';

function section(finding: RankedFinding): string[] {
  const { fix, logNext, experiment, confidence } = finding;
  const rivals = rivalsText(finding);
  return [
    '',
    `### ${finding.rank}. ${markdownCell(finding.title)} (${savingText(finding)}, ${confidenceText(finding)})`,
    '',
    markdownSentence(finding.verdict),
    '',
    ...finding.evidence.map(
      ({ text, turns, examples }) =>
        `- ${markdownCell(text)}${turns > 0 ? ` (n ${turns}: ${examples.map((ref) => markdownCell(refText(ref))).join(', ')})` : ''}`,
    ),
    `- confidence: ${markdownCell(confidence.why)}`,
    ...(finding.saving ? [`- assumes ${markdownCell(finding.saving.assumes)}`] : []),
    `- **LiveKit:** ${markdownSentence(fix.livekit.text)}`,
    ...fenced(fix.livekit.code),
    ...(fix.firstword.text === fix.livekit.text
      ? []
      : [`- **Firstword:** ${markdownSentence(fix.firstword.text)}`, ...fenced(fix.firstword.code)]),
    `- check: ${markdownSentence(finding.check)}`,
    ...(experiment ? [`- experiment: ${markdownSentence(experiment)}`] : []),
    ...(rivals ? [`- ${rivals}`] : []),
    ...(logNext ? [`- log next: ${markdownSentence(logNext.text)}`, ...fenced(logNext.code)] : []),
    `- why, with figures and sources: ${webLink(finding)}\`npx firstword doctor --explain ${finding.rule}\``,
  ];
}

/** A diagnosis as Markdown, to paste into a forum. Without transcripts. Lines end with a line feed. */
export function diagnosisMarkdown(diagnosis: Diagnosis): string {
  const { gapBreakdown } = diagnosis;
  const parts =
    gapBreakdown?.parts.map(
      ({ name, meanMs, share }) =>
        `| ${markdownCell(name)} | ${wholeMs(meanMs)} | ${Math.round(share * 100)} % |`,
    ) ?? [];
  const lines = [
    `**${markdownCell(diagnosis.verdict)}**`,
    '',
    markdownCell(diagnosisHeadline(diagnosis)),
    ...(parts.length > 0 ? ['', '| where it goes | ms | share |', '| --- | ---: | ---: |', ...parts] : []),
    ...diagnosis.findings.flatMap(section),
    '',
    ...inputSummaryText(diagnosis.read).map((line) => `- ${markdownCell(line.trim())}`),
  ];
  return `${lines.join('\n')}\n`;
}
