/**
 * The moments of a turn, in the order in which they usually happen. Any may be missing; none is ever filled in,
 * and no order is assumed.
 */
export const MARKS = [
  /** Last sample of caller speech, as the agent received it. */
  'speechEnded',
  'interimTranscript',
  /** An LLM request was started before the turn was committed. */
  'speculationStarted',
  /** The speech-to-text gave the transcript that was committed. */
  'finalTranscript',
  /** The end-of-turn wait (from `speechEnded`) had run out. */
  'endpointingElapsed',
  /** The caller's turn was declared over. */
  'turnCommitted',
  /** The user's own code (`onUserTurnCompleted`: retrieval, checks) began. */
  'logicStarted',
  'logicEnded',
  'llmRequested',
  /** A connection to the provider was there to use. */
  'connectionReady',
  'requestSent',
  'responseHeaders',
  /** First streamed delta of any kind, reasoning included. */
  'firstDelta',
  /** First text or tool call. */
  'firstContent',
  /** The tools that the model asked for had returned, and it was asked again. */
  'toolsReturned',
  /** First text or tool call after that. */
  'contentAfterTools',
  /** First text handed to the voice. */
  'firstClause',
  'ttsRequested',
  'ttsFirstByte',
  /** The answer was late: a phrase to bridge the gap was handed on before it. */
  'bridgeBegun',
  /** First frame of the answer, bridge phrase included, given to the transport. */
  'framePublished',
  /** First sample of that above the audible threshold, as it leaves the agent. */
  'firstAudible',
  /** The same sample where the caller is, from a caller-side tape or player. */
  'callerHeard',
] as const;

export type MarkName = (typeof MARKS)[number];

/** Monotonic milliseconds on one clock. A missing mark is `undefined`. */
export type Marks = { readonly [name in MarkName]?: number | undefined };

/** One microsecond is finer than a sample (20.8 µs at 48 kHz): marks are kept on this grid so that sums are exact. */
export const MARK_GRID_MS = 0.001;

/** Past this (69 years) a double no longer tells microseconds apart: such a time is no mark. */
export const MAX_MARK_MS = 2 ** 41;

/** Puts a time on the mark grid. */
export function toMarkGrid(ms: number): number {
  return (Math.round(ms / MARK_GRID_MS) || 0) / 1000;
}

/** The marks that were really seen, on the grid: a time that is not finite, or past `MAX_MARK_MS`, counts as missing. */
export function seenMarks(marks: Marks): Map<MarkName, number> {
  const seen = new Map<MarkName, number>();
  for (const name of MARKS) {
    const ms = marks[name];
    if (ms !== undefined && Math.abs(ms) <= MAX_MARK_MS) seen.set(name, toMarkGrid(ms));
  }
  return seen;
}
