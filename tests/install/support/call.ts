import type { TurnRecord } from '@firstword/turn';
import { expect } from 'vitest';
import { type Result, tail } from './process.js';
import type { Project } from './project.js';
import type { InstallSetup } from './setup.js';

/** What a project's caller reports. */
export interface CallReport {
  /** The words of the answer, read from its audio. */
  heard: string;
  /** Each text that was handed to the TTS. */
  given: string[];
  records: TurnRecord[];
  /** Version of Node. */
  node: string;
  livekitUrl?: string;
  noiseCancellation?: unknown;
}

/** What the scripted agent says; the Markdown of the model is not spoken. */
export const SPOKEN_ANSWER = 'We open at nine. We close at five.';

/** The report in a caller's output; undefined if it ended before it could report. */
export function reportIn({ stdout }: Result): CallReport | undefined {
  const line = stdout.split('\n').find((text) => text.startsWith('RESULT '));
  return line === undefined ? undefined : (JSON.parse(line.slice('RESULT '.length)) as CallReport);
}

/** Calls the agent of a project and checks that it gives the right answer. */
export async function expectSpoken(
  project: Project,
  options: { file: string; setup: InstallSetup; node?: number },
): Promise<CallReport> {
  const { file, setup, node } = options;
  const result = await project.succeed('node', [file, setup.recording], { node });
  const report = reportIn(result);
  expect(report, `no report. ${tail(result)}`).toBeDefined();
  expect(report!.heard, tail(result)).toBe(SPOKEN_ANSWER);
  // A TTS reads out the asterisks that it is given.
  expect(report!.given.join(' ')).not.toContain('*');
  if (node !== undefined) expect(report!.node).toMatch(`v${node}.`);
  return report!;
}

/** Calls the agent of a project and checks that it gives the right answer, and that its record accounts for the gap. */
export async function expectAnswer(...call: Parameters<typeof expectSpoken>): Promise<CallReport> {
  const report = await expectSpoken(...call);
  expect(report.records).toHaveLength(1);
  const { marks, feltGapMs, segments, problem } = report.records[0]!;
  expect(problem, JSON.stringify(report.records[0])).toBeUndefined();
  expect(Object.keys(marks)).toEqual(
    expect.arrayContaining(['speechEnded', 'finalTranscript', 'turnCommitted', 'firstAudible']),
  );
  expect(feltGapMs).toBeCloseTo(marks.firstAudible! - marks.speechEnded!, 3);
  expect(segments.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBeCloseTo(feltGapMs!, 3);
  return report;
}
