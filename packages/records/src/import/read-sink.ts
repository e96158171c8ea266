import type { CallRecord, TurnObservation, TurnRecord } from '@firstword/turn';
import type { JsonObject } from './json.js';
import type { RefusedInput } from './refused.js';
import type { BlockedSpan } from './traces/trace-turns.js';

/** What reading produces. */
export interface ReadSink {
  /** A turn of any source, with `file:line` and what its source reports that cannot be true. */
  turn(
    turn: TurnRecord | TurnObservation,
    from: { place: string; impossibleValues: readonly string[] },
  ): void;
  /** The record of a call, with `file:line`. */
  call?(record: CallRecord, from: { place: string }): void;
  /** A line of a log, with its text and its fields. */
  logLine?(line: { text: string; log: JsonObject; place: string }): void;
  /** A line that is neither of a log nor data, such as one of a stack trace below a log line. */
  otherLine?(line: { text: string; place: string }): void;
  /** A span of a trace in which the agent's thread was blocked. */
  blocked?(span: BlockedSpan): void;
  /** Whether a whole turn record of this call is to be counted only, without reading it. */
  passOver?(callId: string): boolean;
}

/** What was read and what was not. */
export interface ReadSummary {
  lines: number;
  /** Lines by kind, the most frequent first. */
  understood: { as: string; lines: number }[];
  /** Answers that were delivered again. */
  duplicates: number;
  badLines: number;
  /** The first few, by file and line. */
  someBadLines: { file: string; line: number; reason: string }[];
  /** Lines of logs without metrics, and of other text. */
  otherLines: number;
  /** Formats that hold no turns, with what to export instead. */
  refused: RefusedInput[];
  /** Spans more than can be held at once. */
  droppedSpans: number;
}
