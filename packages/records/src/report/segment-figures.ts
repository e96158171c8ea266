import { type Owner, ownerText, type Segment } from '@firstword/turn';
import { percentile } from '@firstword/turn/statistics';
import type { Growing } from './table/growing.js';
import type { FigureList } from './table/turn-table.js';
import type { OwnerShare, SegmentGain, SegmentShare } from './turn-report.js';

function gainOf(gainsMs: Growing<Float64Array>): SegmentGain | undefined {
  if (gainsMs.length === 0) return undefined;
  const sorted = gainsMs.view().sort();
  return { turns: sorted.length, p50Ms: percentile(sorted, 50), p95Ms: percentile(sorted, 95) };
}

function shareOf({ key, ms, gainMs }: FigureList): Omit<SegmentShare, 'share'> {
  const sorted = ms.view().sort();
  return {
    name: key.name as Segment['name'],
    turns: sorted.length,
    totalMs: sorted.reduce((sum, one) => sum + one, 0),
    p50Ms: percentile(sorted, 50),
    p95Ms: percentile(sorted, 95),
    owner: key.owner as Owner,
    gain: gainOf(gainMs),
  };
}

const byTotal = (a: { totalMs: number }, b: { totalMs: number }) => b.totalMs - a.totalMs;

/**
 * The parts of all silences of one kind, the largest first. It sorts the lists.
 * @param pause called before each list
 */
export async function segmentFigures(
  lists: readonly FigureList[],
  pause: () => Promise<void>,
): Promise<SegmentShare[]> {
  const parts: Omit<SegmentShare, 'share'>[] = [];
  for (const list of lists) {
    await pause();
    parts.push(shareOf(list));
  }
  parts.sort(byTotal);
  const allMs = parts.reduce((sum, { totalMs }) => sum + totalMs, 0);
  return parts.map((part) => ({ ...part, share: allMs > 0 ? part.totalMs / allMs : 0 }));
}

/** The owners of the segments, the one of most time first. */
export function ownerFigures(segments: readonly SegmentShare[]): OwnerShare[] {
  const owners = new Map<string, OwnerShare>();
  for (const { owner, totalMs, share } of segments) {
    const sum = owners.get(ownerText(owner)) ?? { owner, totalMs: 0, share: 0 };
    sum.totalMs += totalMs;
    sum.share += share;
    owners.set(ownerText(owner), sum);
  }
  return [...owners.values()].sort(byTotal);
}
