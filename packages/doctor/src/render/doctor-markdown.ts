import { markdownCell, wholeMs } from '@firstword/records';
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

const fenced = (code: string | undefined): string[] =>
  code === undefined ? [] : ['', '  ```ts', ...code.split('\n').map((line) => `  ${line}`), '  ```'];

/** Markdown is pasted elsewhere, where a file of this machine cannot be opened and its path tells the user's name. */
const webLink = ({ docs, rule }: RankedFinding): string =>
  docs.startsWith('https:') ? `[${rule}](${docs}), or ` : '';

function section(finding: RankedFinding): string[] {
  const { fix, logNext, experiment, confidence } = finding;
  const rivals = rivalsText(finding);
  return [
    '',
    `### ${finding.rank}. ${markdownCell(finding.title)} (${savingText(finding)}, ${confidenceText(finding)})`,
    '',
    finding.verdict,
    '',
    ...finding.evidence.map(
      ({ text, turns, examples }) =>
        `- ${markdownCell(text)}${turns > 0 ? ` (n ${turns}: ${examples.map((ref) => markdownCell(refText(ref))).join(', ')})` : ''}`,
    ),
    `- confidence: ${markdownCell(confidence.why)}`,
    ...(finding.saving ? [`- assumes ${markdownCell(finding.saving.assumes)}`] : []),
    `- **LiveKit:** ${fix.livekit.text}`,
    ...fenced(fix.livekit.code),
    ...(fix.firstword.text === fix.livekit.text
      ? []
      : [`- **Firstword:** ${fix.firstword.text}`, ...fenced(fix.firstword.code)]),
    `- check: ${finding.check}`,
    ...(experiment ? [`- experiment: ${experiment}`] : []),
    ...(rivals ? [`- ${rivals}`] : []),
    ...(logNext ? [`- log next: ${logNext.text}`, ...fenced(logNext.code)] : []),
    `- why, with figures and sources: ${webLink(finding)}\`npx firstword doctor --explain ${finding.rule}\``,
  ];
}

/** A diagnosis as Markdown, to paste into a forum. Without transcripts. Lines end with a line feed. */
export function diagnosisMarkdown(diagnosis: Diagnosis): string {
  const { gapBreakdown } = diagnosis;
  const parts =
    gapBreakdown?.parts.map(
      ({ name, meanMs, share }) => `| ${name} | ${wholeMs(meanMs)} | ${Math.round(share * 100)} % |`,
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
