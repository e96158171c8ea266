import { isFailed, type Owner, outcomeOf, ownerText, type Segment, type TurnRecord } from '@firstword/turn';
import { ascending, type BootstrapOptions, percentile } from '@firstword/turn/statistics';
import { countBy } from './count-by.js';
import { type Distribution, distribution } from './distribution.js';
import { outcomesOf } from './failures.js';
import type { SegmentGain, TurnReport } from './turn-report.js';

/** The share of one owner, or one segment, in the sum of all felt gaps. */
export interface Share<Name extends string = string> {
  /** The segment's name, or the owner's. */
  name: Name;
  owner: Owner;
  /** Answered turns in which it occurs. */
  turns: number;
  totalMs: number;
  /** Share of the sum of all felt gaps, 0 to 1. For hidden work: its total time divided by that sum. */
  share: number;
  /** Median and 95th percentile over the turns in which it occurs. */
  p50Ms: number;
  p95Ms: number;
  /** Of segments only; `undefined` where it is not known. */
  gain?: SegmentGain | undefined;
}

/** Figures of a set of turns that is held in memory, such as one call. */
export interface Summary {
  calls: number;
  turns: number;
  /** Turns without a felt gap that did not fail, by reason, the most frequent first. */
  problems: { problem: string; turns: number }[];
  /** How the turns ended, and why some failed. */
  outcomes: TurnReport['outcomes'];
  failures: TurnReport['failures'];
  /** Answers that the caller interrupted. */
  interrupted: number;
  bargeIns: number;
  /** The LLMs that answered. Show `emulated` wherever these figures are shown. */
  llms: { provider: string; model: string; emulated: boolean; turns: number }[];
  /** Over the turns that have one. */
  feltGap: Distribution | undefined;
  /** The largest first, also in `bySegment` and `hidden`. The shares of `byOwner` sum to 1, and so do those of `bySegment`. */
  byOwner: Share[];
  bySegment: Share<Segment['name']>[];
  hidden: Share<Segment['name']>[];
}

interface Tally<Name extends string> {
  name: Name;
  owner: Owner;
  perTurnMs: Map<TurnRecord, number>;
  gainsMs: number[];
}

function gainAmong(gainsMs: readonly number[]): SegmentGain | undefined {
  if (gainsMs.length === 0) return undefined;
  const sorted = ascending(gainsMs);
  return { turns: sorted.length, p50Ms: percentile(sorted, 50), p95Ms: percentile(sorted, 95) };
}

/** Adds up, per key and turn, then ranks by total. */
function shares<Name extends string>(
  records: readonly TurnRecord[],
  segmentsOf: (record: TurnRecord) => readonly Segment[],
  nameOf: (segment: Segment) => Name,
): Share<Name>[] {
  const gapsMs = records.reduce((sum, record) => sum + record.feltGapMs!, 0);
  const tallies = new Map<string, Tally<Name>>();
  for (const record of records) {
    for (const segment of segmentsOf(record)) {
      const { owner } = segment;
      const name = nameOf(segment);
      const key = `${name}\n${ownerText(owner)}`;
      const tally: Tally<Name> = tallies.get(key) ?? { name, owner, perTurnMs: new Map(), gainsMs: [] };
      tally.perTurnMs.set(record, (tally.perTurnMs.get(record) ?? 0) + segment.durationMs);
      // Gains of different segments do not add up.
      if (name === segment.name && segment.gainMs !== undefined) tally.gainsMs.push(segment.gainMs);
      tallies.set(key, tally);
    }
  }
  const found = [...tallies.values()].map(({ name, owner, perTurnMs, gainsMs }): Share<Name> => {
    const sorted = ascending(perTurnMs.values());
    const totalMs = sorted.reduce((sum, ms) => sum + ms, 0);
    const share = gapsMs > 0 ? totalMs / gapsMs : 0;
    const [p50Ms, p95Ms] = [percentile(sorted, 50), percentile(sorted, 95)];
    return { name, owner, turns: sorted.length, totalMs, share, p50Ms, p95Ms, gain: gainAmong(gainsMs) };
  });
  return found.sort((a, b) => b.totalMs - a.totalMs);
}

/** Summarizes turns: the felt gap, its owners and segments, and the turns without one. */
export function summarise(records: readonly TurnRecord[], options: BootstrapOptions = {}): Summary {
  const whole = records.filter((record) => !isFailed(outcomeOf(record)));
  const answered = whole.filter((record) => record.feltGapMs !== undefined);
  const llms = records.flatMap(({ llm }) => llm ?? []);
  return {
    calls: new Set(records.map((record) => record.callId)).size,
    turns: records.length,
    problems: countBy(whole.flatMap(({ problem }) => problem ?? [])).map(({ value, turns }) => ({
      problem: value,
      turns,
    })),
    ...outcomesOf(records),
    interrupted: records.filter((record) => record.interrupted).length,
    bargeIns: records.filter((record) => record.bargeIn).length,
    llms: countBy(llms, (llm) => `${llm.provider}\n${llm.model}\n${llm.emulated}`).map(
      ({ value, turns }) => ({
        provider: value.provider,
        model: value.model,
        emulated: value.emulated,
        turns,
      }),
    ),
    feltGap: distribution(
      answered.map((record) => record.feltGapMs!),
      options,
    ),
    byOwner: shares(
      answered,
      (record) => record.segments,
      (segment) => ownerText(segment.owner),
    ),
    bySegment: shares(
      answered,
      (record) => record.segments,
      (segment) => segment.name,
    ),
    hidden: shares(
      answered,
      (record) => record.hidden,
      (segment) => segment.name,
    ),
  };
}
