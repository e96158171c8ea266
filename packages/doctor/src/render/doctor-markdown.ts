import { cell, wholeMs } from '@firstword/records';
import type { Diagnosis } from '../diagnose.js';
import type { RankedFinding } from '../finding.js';
import { accountText, diagnosisHeadline, refText, rivalsText, savingText, sureText } from './doctor-words.js';

const fenced = (code: string | undefined): string[] =>
  code === undefined ? [] : ['', '  ```ts', ...code.split('\n').map((line) => `  ${line}`), '  ```'];

function section(finding: RankedFinding): string[] {
  const { fix, logNext, experiment, confidence } = finding;
  const rivals = rivalsText(finding);
  return [
    '',
    `### ${finding.rank}. ${cell(finding.title)} (${savingText(finding)}, ${sureText(finding)})`,
    '',
    finding.verdict,
    '',
    ...finding.evidence.map(
      ({ text, turns, examples }) =>
        `- ${cell(text)}${turns > 0 ? ` (n ${turns}: ${examples.map((ref) => cell(refText(ref))).join(', ')})` : ''}`,
    ),
    `- how sure: ${cell(confidence.why)}`,
    ...(finding.saving ? [`- assumes ${cell(finding.saving.assumes)}`] : []),
    `- **LiveKit:** ${fix.livekit.text}`,
    ...fenced(fix.livekit.code),
    ...(fix.firstword.text === fix.livekit.text
      ? []
      : [`- **Firstword:** ${fix.firstword.text}`, ...fenced(fix.firstword.code)]),
    `- check: ${finding.check}`,
    ...(experiment ? [`- experiment: ${experiment}`] : []),
    ...(rivals ? [`- ${rivals}`] : []),
    ...(logNext ? [`- log next: ${logNext.text}`, ...fenced(logNext.code)] : []),
    `- why, with figures and sources: \`${finding.docs}\`, or \`npx firstword doctor --explain ${finding.rule}\``,
  ];
}

/** A diagnosis as Markdown, to paste into a forum. Without words of either side. Lines end with a line feed. */
export function diagnosisMarkdown(diagnosis: Diagnosis): string {
  const { anatomy } = diagnosis;
  const parts =
    anatomy?.parts.map(
      ({ name, meanMs, share }) => `| ${name} | ${wholeMs(meanMs)} | ${Math.round(share * 100)} % |`,
    ) ?? [];
  const lines = [
    `**${cell(diagnosis.verdict)}**`,
    '',
    cell(diagnosisHeadline(diagnosis)),
    ...(parts.length > 0 ? ['', '| where it goes | ms | share |', '| --- | ---: | ---: |', ...parts] : []),
    ...diagnosis.findings.flatMap(section),
    '',
    ...accountText(diagnosis.read).map((line) => `- ${cell(line.trim())}`),
  ];
  return `${lines.join('\n')}\n`;
}
