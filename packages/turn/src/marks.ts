/**
 * The marks of a turn, in the order in which they usually happen. Any may be missing. A missing mark is never
 * estimated, and no order is assumed.
 */
export const MARKS = [
  /** Last sample of caller speech, as the agent received it. */
  'speechEnded',
  /** First interim transcript of the words that were answered. */
  'interimTranscript',
  /** An LLM request was started before the turn was committed. */
  'speculationStarted',
  /** The STT delivered the transcript that was committed. */
  'finalTranscript',
  /** The end-of-turn wait, which starts at `speechEnded`, had elapsed. */
  'endpointingElapsed',
  /** The caller's turn was committed. */
  'turnCommitted',
  /** The agent had received the caller's audio up to the position at which a realtime provider ended the turn. */
  'turnEndAudio',
  /** The agent had sent that audio to the provider. */
  'turnEndSent',
  /** The realtime provider's report that the turn is over had arrived. */
  'turnEndReported',
  /**
   * The realtime provider's report that it has begun a response had arrived. If the provider does not report this: its first
   * output.
   */
  'responseCreated',
  /** No answer of a realtime model had been heard, so the model was asked again, or an LLM was asked. */
  'rescueStarted',
  /** The user's own code (`onUserTurnCompleted`: retrieval, checks) began. */
  'logicStarted',
  /** The user's own code had finished. */
  'logicEnded',
  /** The LLM was asked for the answer. */
  'llmRequested',
  /** A connection to the LLM provider was ready. */
  'connectionReady',
  /** The request had been sent in full. */
  'requestSent',
  /** The response headers had arrived. */
  'responseHeaders',
  /** First streamed delta of any kind, reasoning included. */
  'firstDelta',
  /** First text or tool call; of a realtime model, first output of any kind. */
  'firstContent',
  /** The tools that the model called had returned, and the model was asked again. */
  'toolsReturned',
  /** First text or tool call after that. */
  'contentAfterTools',
  /** First audio of a realtime model's answer had arrived. */
  'responseAudio',
  /** First text handed to the TTS. */
  'firstClause',
  /** The TTS was asked for the first audio. */
  'ttsRequested',
  /** First byte of audio from the TTS. */
  'ttsFirstByte',
  /** The answer was late, and a filler phrase was sent before it. */
  'bridgeBegun',
  /**
   * First frame given to the transport: of the answer, of the filler phrase, or of what was said in place of an answer
   * (the record's `outcome` says which).
   */
  'framePublished',
  /** First sample of it above the audible threshold, as it leaves the agent. */
  'firstAudible',
  /** The same sample at the caller, from a caller-side tape or player. */
  'callerHeard',
] as const;

/** Name of a mark. */
export type MarkName = (typeof MARKS)[number];

/**
 * Marks of turns that a realtime (speech-to-speech) model answers. A turn that has one of them is of that kind: any mark that it
 * lacks is of a step that did not happen.
 */
export const REALTIME_MARKS: readonly MarkName[] = [
  'turnEndReported',
  'responseCreated',
  'turnEndAudio',
  'turnEndSent',
  'rescueStarted',
  'responseAudio',
];

/** Whether a realtime model answers a turn with these marks. */
export function isRealtimeTurn(seen: { has(name: MarkName): boolean }): boolean {
  return REALTIME_MARKS.some((name) => seen.has(name));
}

/**
 * Marks of steps that many turns do not have. Where one of them was not recorded, the step is taken not to have happened;
 * every other mark happens in each turn of a cascade, whether or not it was recorded.
 */
export const OPTIONAL_MARKS: ReadonlySet<MarkName> = new Set<MarkName>([
  'interimTranscript',
  'speculationStarted',
  'logicStarted',
  'logicEnded',
  'toolsReturned',
  'contentAfterTools',
  'bridgeBegun',
  'callerHeard',
  ...REALTIME_MARKS,
]);

/** The marks of a turn, monotonic ms on one clock. A missing mark is `undefined`. */
export type Marks = { readonly [name in MarkName]?: number | undefined };

/** Resolution of marks, ms. A microsecond is finer than a sample (20.8 µs at 48 kHz); on this grid, sums are exact. */
export const MARK_GRID_MS = 0.001;

/** Largest valid mark, ms (69 years). Beyond it a double cannot represent single microseconds. */
export const MAX_MARK_MS = 2 ** 41;

/** Rounds a time in ms to the mark grid (0.001 ms). */
export function toMarkGrid(ms: number): number {
  return (Math.round(ms / MARK_GRID_MS) || 0) / 1000;
}

/**
 * The recorded marks, rounded to the grid, ms. A time that is not finite or is beyond `MAX_MARK_MS` counts as missing.
 */
export function seenMarks(marks: Marks): Map<MarkName, number> {
  const seen = new Map<MarkName, number>();
  for (const name of MARKS) {
    const ms = marks[name];
    if (ms !== undefined && Math.abs(ms) <= MAX_MARK_MS) seen.set(name, toMarkGrid(ms));
  }
  return seen;
}
