import type { Owner, Segment, TurnOutcome } from '@firstword/turn';
import type { RefusedInput } from '../import/refused.js';
import type { Percentiles } from './percentiles.js';

/** The quantity of the percentiles. */
export type Measure =
  /** First audible agent sample − last caller speech sample. */
  | 'feltGap'
  /** First frame of the answer − last caller speech sample: LiveKit's `e2e_latency`. The felt gap is longer. */
  | 'firstFrame';

/** Durations that exports report, in the order in which they happen. */
export const REPORTED_DURATIONS = [
  'transcriptionDelayMs',
  'endOfTurnDelayMs',
  'userLogicMs',
  'replyReleasedMs',
  'llmTtftMs',
  'ttsTtfbMs',
  'playbackLatencyMs',
] as const;

/** Dimensions by which turns are grouped. A turn is of one kind or several: a first turn may call a tool. */
export const DIMENSIONS = ['provider', 'model', 'levers', 'kind', 'region', 'day'] as const;
/** One of `DIMENSIONS`. */
export type Dimension = (typeof DIMENSIONS)[number];

/** The turns that have one value of a dimension. */
export interface ReportGroup {
  /** `undefined` for turns without a value. */
  value: string | undefined;
  /** Turns, with or without a gap. */
  turns: number;
  /** `undefined` where none has a gap. */
  gap: Percentiles | undefined;
}

/** One hour, day or month of a trend. */
export interface TrendStep {
  /** Start of the step, RFC 3339. */
  at: string;
  turns: number;
  gap: Percentiles | undefined;
}

/** The share of one owner in the sum of all gaps. */
export interface OwnerShare {
  owner: Owner;
  totalMs: number;
  /** 0 to 1. */
  share: number;
}

/** By how much the gaps would shrink without a segment. */
export interface SegmentGain {
  /** Turns in which it is known. */
  turns: number;
  /** Median and 95th percentile over those, ms. */
  p50Ms: number;
  p95Ms: number;
}

/** The share of one segment in the sum of all gaps. */
export interface SegmentShare extends OwnerShare {
  name: Segment['name'];
  /** Turns in which it occurs. */
  turns: number;
  /** Median and 95th percentile over those. */
  p50Ms: number;
  p95Ms: number;
  /** `undefined` where no turn reports it: marks that it depends on are missing, or an earlier Firstword wrote the records. */
  gain: SegmentGain | undefined;
}

/** One of the slowest turns, with its ledger recomputed from its marks. */
export interface WorstTurn {
  callId: string;
  turn: number;
  at: string;
  /** File of its record. */
  file: string;
  gapMs: number;
  provider: string | undefined;
  model: string | undefined;
  emulated: boolean;
  kinds: string[];
  /** Its parts as reported by an export; empty for Firstword's own records. */
  reported: { name: string; ms: number }[];
  segments: Segment[];
  hidden: Segment[];
}

/** A line that could not be read; `line` is from 1. */
export interface UnreadLine {
  file: string;
  line: number;
  reason: string;
}

/** What was read, and what was not: together every line that is not blank. */
export interface InputSummary {
  files: number;
  bytes: number;
  /** Turns from another tool's export, by format. */
  imported: { from: string; turns: number }[];
  /** Turns that were found more than once; each counts once. */
  duplicates: number;
  badLines: number;
  /** The first few of them. */
  someBadLines: UnreadLine[];
  /** Lines of logs without metrics, and of other text. */
  otherLines: number;
  /** Formats that hold no turns, with what to export instead. */
  refused: RefusedInput[];
  skippedFiles: { name: string; reason: string }[];
}

/** Turns that failed: without an answer, or with one that broke off. No percentile includes them. */
export interface FailureSummary {
  turns: number;
  /** Why, the most frequent first. */
  reasons: { reason: string; turns: number }[];
}

/** The silences of a call besides the felt gap. */
export const SILENCES = ['hello', 'tool', 'bargeIn', 'afterBargeIn'] as const;
/** One of `SILENCES`. */
export type SilenceName = (typeof SILENCES)[number];

/** A part of a silence, over the calls or turns in which it occurs. */
export type SilencePart = Omit<SegmentShare, 'name' | 'gain'> & { name: string };

/** How long one of the silences was. */
export interface SilenceFigures {
  /** Calls (`hello`), turns with tools (`tool`), interruptions (`bargeIn`) or turns after one (`afterBargeIn`). */
  of: number;
  /** `undefined` where it is not known of any. */
  gap: Percentiles | undefined;
  /** The largest first; their shares sum to 1. Empty where there is no ledger. */
  parts: SilencePart[];
  /** Why it is not known of some, with how many. */
  problems: { problem: string; count: number }[];
}

/** The report on a set of turns. It contains no transcripts and can be shared. */
export interface TurnReport {
  type: 'report';
  schema: 'firstword.report/1';
  read: InputSummary;
  turns: number;
  calls: number;
  fromAt: string | undefined;
  toAt: string | undefined;
  llms: { provider: string; model: string; emulated: boolean; turns: number }[];
  /** The quantity of all gaps below. */
  measure: Measure;
  gap: Percentiles | undefined;
  /** Turns that have the other measure only; no percentile of this report includes them. */
  otherMeasure: { measure: Measure; gap: Percentiles } | undefined;
  /** Parts of a turn as reported by exports, ms. They do not add up to the whole: some ran at the same time. */
  reported: { name: string; gap: Percentiles }[];
  /** Turns without a gap that did not fail, by reason. */
  problems: { problem: string; turns: number }[];
  /** How the turns ended, the most frequent first; `undefined` is not reported. */
  outcomes: { outcome: TurnOutcome | undefined; turns: number }[];
  failures: FailureSummary;
  interrupted: number;
  /** The other silences of the calls: absent where nothing is reported of one. */
  silences: Partial<Record<SilenceName, SilenceFigures>>;
  groups: Record<Dimension, ReportGroup[]>;
  /** Groups that were left out because there are too many. */
  omittedGroups: Partial<Record<Dimension, number>>;
  trend: { step: 'hour' | 'day' | 'month'; steps: TrendStep[] };
  /** The largest first, as in `segments`; the shares of each sum to 1. */
  owners: OwnerShare[];
  segments: SegmentShare[];
  worst: WorstTurn[];
  /** Sorted gaps at even steps from the fastest turn to the slowest, for drawing. */
  curve: { share: number; gapMs: number }[];
}
