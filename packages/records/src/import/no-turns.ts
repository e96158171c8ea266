import { type RefusedInput, refusedText } from './refused.js';

/** What can be read, for errors. */
export const READABLE_INPUT =
  'LiveKit’s chat history, traces and logs with metrics, calls of Pipecat, Vapi and Retell, and Firstword’s turn records';

/**
 * Why no turn was found: the name of a format without turns and what to export instead, or the first line that was not
 * understood.
 */
export function noTurnText(read: {
  refused: readonly RefusedInput[];
  someBadLines: readonly { file: string; line: number; reason: string }[];
}): string {
  if (read.refused.length > 0) return `no turn was found. ${read.refused.map(refusedText).join('. ')}`;
  const [first] = read.someBadLines;
  const example = first ? ` (${first.file}:${first.line}: ${first.reason})` : '';
  return `no turn was found${example}: give ${READABLE_INPUT}`;
}
