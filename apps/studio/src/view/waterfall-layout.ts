import type { Owner, OwnerKind, TurnRecord } from '@firstword/turn';

/** How far before the end of speech hidden work is shown, as a fraction of the felt gap; earlier parts are cut off. */
const BEFORE_SHARE = 0.6;
/** How far after the felt gap hidden work is shown, as a fraction of it. */
const AFTER_SHARE = 0.15;
const SHORTEST_AXIS_MS = 100;

/** A part of a silence, of a turn's ledger or of another one. */
export interface TimelineSegment {
  name: string;
  owner: Owner;
  fromMs: number;
  toMs: number;
  durationMs: number;
  gainMs?: number | undefined;
}

/** A silence with its parts. Times are on the marks' clock, ms. */
export interface Timeline {
  /** When the silence begins: 0 on the axis. */
  zeroMs: number;
  /** Length of the silence, ms. */
  lengthMs: number;
  /** They sum to the length. */
  segments: readonly TimelineSegment[];
  /** Work at the same time, or before. */
  hidden: readonly TimelineSegment[];
}

/** One bar; shares are fractions of the axis width, 0 to 1. */
export interface Bar {
  name: string;
  owner: OwnerKind;
  ownerName: string | undefined;
  /** Start relative to the beginning of the silence, ms; negative before it. */
  startMs: number;
  durationMs: number;
  /** By how much the gap would shrink without it, ms; missing for hidden work, and where it is not known. */
  gainMs: number | undefined;
  leftShare: number;
  widthShare: number;
  /** The side on which the bar extends beyond the axis. */
  cut: 'start' | 'end' | 'both' | undefined;
}

/** A tick of the axis. */
export interface Tick {
  ms: number;
  share: number;
}

/** The layout of a turn's ledger on a time axis. */
export interface WaterfallLayout {
  /** The segments of the felt gap. */
  bars: Bar[];
  /** Hidden work. */
  hidden: Bar[];
  ticks: Tick[];
  /** Position of the beginning of the silence, 0 to 1. */
  zeroShare: number;
  /** Position of its end, 0 to 1. */
  endShare: number;
}

interface Axis {
  fromMs: number;
  toMs: number;
}

/** The smallest step of 1, 2 or 5 times a power of ten with at most `most` steps in the span, ms. */
export function tickStepMs(spanMs: number, most: number): number {
  const rough = spanMs / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((f) => f * power >= rough) ?? 10;
  return factor * power;
}

function ticksOf(axis: Axis, most: number): Tick[] {
  const stepMs = tickStepMs(axis.toMs - axis.fromMs, most);
  const ticks: Tick[] = [];
  for (let i = Math.ceil(axis.fromMs / stepMs); i * stepMs <= axis.toMs; i++) {
    const ms = i * stepMs || 0; // never −0
    ticks.push({ ms, share: shareOf(ms, axis) });
  }
  return ticks;
}

function shareOf(ms: number, axis: Axis): number {
  const share = (ms - axis.fromMs) / (axis.toMs - axis.fromMs);
  return Math.max(0, Math.min(1, share));
}

function axisOf(gapMs: number, hidden: readonly TimelineSegment[], zeroMs: number): Axis {
  const starts = hidden.map((s) => s.fromMs - zeroMs);
  const ends = hidden.map((s) => s.toMs - zeroMs);
  const span = Math.max(gapMs, SHORTEST_AXIS_MS);
  return {
    fromMs: Math.max(Math.min(0, ...starts), -span * BEFORE_SHARE),
    toMs: Math.min(Math.max(span, ...ends), span * (1 + AFTER_SHARE)),
  };
}

function cutOf(startMs: number, endMs: number, axis: Axis): Bar['cut'] {
  const atStart = startMs < axis.fromMs;
  const atEnd = endMs > axis.toMs;
  if (atStart && atEnd) return 'both';
  return atStart ? 'start' : atEnd ? 'end' : undefined;
}

function barOf(segment: TimelineSegment, zeroMs: number, axis: Axis): Bar {
  const startMs = segment.fromMs - zeroMs;
  const endMs = segment.toMs - zeroMs;
  const leftShare = shareOf(startMs, axis);
  return {
    name: segment.name,
    owner: segment.owner.kind,
    ownerName: 'name' in segment.owner ? segment.owner.name : undefined,
    startMs,
    durationMs: segment.durationMs,
    gainMs: segment.gainMs,
    leftShare,
    widthShare: shareOf(endMs, axis) - leftShare,
    cut: cutOf(startMs, endMs, axis),
  };
}

/** The felt gap of a turn; `undefined` for a turn without one. */
export function gapTimeline({ feltGapMs, segments, hidden, marks }: TurnRecord): Timeline | undefined {
  if (feltGapMs === undefined || marks.speechEnded === undefined) return undefined;
  return { zeroMs: marks.speechEnded, lengthMs: feltGapMs, segments, hidden };
}

/**
 * Lays out a silence on a time axis.
 * @param mostTicks largest number of axis steps, default 6
 */
export function waterfallLayout(timeline: Timeline, mostTicks = 6): WaterfallLayout {
  const { zeroMs, lengthMs, segments, hidden } = timeline;
  const axis = axisOf(lengthMs, hidden, zeroMs);
  return {
    bars: segments.map((s) => barOf(s, zeroMs, axis)),
    hidden: hidden.map((s) => barOf(s, zeroMs, axis)),
    ticks: ticksOf(axis, mostTicks),
    zeroShare: shareOf(0, axis),
    endShare: shareOf(lengthMs, axis),
  };
}
