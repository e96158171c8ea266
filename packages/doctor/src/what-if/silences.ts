import type { Measure } from '@firstword/records';
import { type CallRecord, type MarkName, noAnswerReason, type TurnRecord, timesOf } from '@firstword/turn';
import type { Random } from '@firstword/turn/statistics';
import type { PreparedChange, ReplayTurn } from './change.js';
import { copyHelloPlan, helloMsOf, helloPlanOf, type ReplayCall } from './hello-plan.js';
import { type PercentileShift, type Replayed, replay, shiftsOf } from './replay.js';
import { copyPlan, gapMs, type ReplayPlan, replayPlanOf } from './replay-plan.js';
import { reportedMarks } from './reported-marks.js';
import { type ToolPlan, toolSilenceMsOf } from './tool-plan.js';

/** How one silence changes, over the turns (of the time to hello: calls) that have it. */
export interface ReplayedSilence {
  /** How many were read, were replayed, and are different by a millisecond or more. */
  read: number;
  replayed: number;
  changed: number;
  /** Those that are in neither side, by reason, the most frequent first. */
  leftOut: { reason: string; count: number }[];
  p50: PercentileShift;
  p95: PercentileShift;
}

/** What was tried; without figures where no change concerns the silence, or none could be replayed. */
export interface ReplayAttempt extends Pick<ReplayedSilence, 'read' | 'leftOut'> {
  figures?: ReplayedSilence;
}

/** Silences that have both ends, and those that have not. */
interface Replayable<Item> {
  items: Item[];
  read: number;
  leftOut: ReadonlyMap<string, number>;
}

/** A turn with tools whose silence is known. */
interface ReplayToolTurn {
  record: TurnRecord;
  longestMs: number;
  /** The plan of its gap; absent if it has none. */
  plan: ReplayPlan | undefined;
}

class LeftOut {
  readonly counts: Map<string, number>;

  constructor(counts: ReadonlyMap<string, number> = new Map()) {
    this.counts = new Map(counts);
  }

  add(reason: string): void {
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + 1);
  }

  list(): ReplayedSilence['leftOut'] {
    return [...this.counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
  }
}

const planOf = (record: TurnRecord): ReplayPlan | string =>
  noAnswerReason(record) ?? replayPlanOf(reportedMarks(record));

const isFirstFrame = ({ plan }: ReplayTurn): boolean => plan.end === 'framePublished';

/** The turns that have both ends of a gap, of the measure that most have: two measures have no percentile in common. */
export function gapsIn(records: readonly TurnRecord[]): Replayable<ReplayTurn> & { measure: Measure } {
  const leftOut = new LeftOut();
  const all: ReplayTurn[] = [];
  for (const record of records) {
    const plan = planOf(record);
    if (typeof plan === 'string') leftOut.add(plan);
    else all.push({ record, plan });
  }
  const frames = all.filter(isFirstFrame).length;
  const measure: Measure = frames > all.length / 2 ? 'firstFrame' : 'feltGap';
  const items = all.filter((turn) => isFirstFrame(turn) === (measure === 'firstFrame'));
  for (const _ of all.slice(items.length))
    leftOut.add(
      measure === 'feltGap'
        ? 'its end is the first frame, not the first audible sample'
        : 'its end is the first audible sample, not the first frame',
    );
  return { items, read: records.length, leftOut: leftOut.counts, measure };
}

/** The calls whose time to hello is known. */
export function callsIn(records: readonly CallRecord[]): Replayable<ReplayCall> {
  const leftOut = new LeftOut();
  const items = records.flatMap((record) => {
    const plan = helloPlanOf(record);
    if (typeof plan !== 'string') return [{ record, plan }];
    leftOut.add(plan);
    return [];
  });
  return { items, read: records.length, leftOut: leftOut.counts };
}

/** The turns with tools whose longest silence is known. */
export function toolTurnsIn(records: readonly TurnRecord[]): Replayable<ReplayToolTurn> {
  const leftOut = new LeftOut();
  const turns = records.filter(({ toolCalls }) => toolCalls > 0);
  const items = turns.flatMap((record) => {
    const longestMs = toolSilenceMsOf({ record, times: new Map() });
    if (longestMs === undefined) {
      leftOut.add(
        'no answer was heard after the tools, or the tools and the agent’s speech were not recorded',
      );
      return [];
    }
    const plan = planOf(record);
    return [{ record, longestMs, plan: typeof plan === 'string' ? undefined : plan }];
  });
  return { items, read: turns.length, leftOut: leftOut.counts };
}

/** Leaves out what a change cannot be applied to, and replays the rest. */
function replayed<Item>(
  { items, read, leftOut: before }: Replayable<Item>,
  how: {
    /** Whether a change concerns this silence. */
    isConcerned: boolean;
    missing(item: Item): string | undefined;
    beforeMs(item: Item): number;
    afterMs(item: Item, random: Random): number;
  },
  seed: number,
): ReplayAttempt {
  const leftOut = new LeftOut(before);
  if (!how.isConcerned) return { read, leftOut: leftOut.list() };
  const kept = items.filter((item) => {
    const reason = how.missing(item);
    if (reason !== undefined) leftOut.add(reason);
    return reason === undefined;
  });
  const counted = { read, leftOut: leftOut.list() };
  if (kept.length === 0) return counted;
  const silences = replay(kept, how, seed);
  const isChanged = ({ beforeMs, afterMs }: Replayed) => afterMs.some((ms) => Math.abs(ms - beforeMs) >= 1);
  const [p50, p95] = shiftsOf(silences, [50, 95], seed);
  const changed = silences.filter(isChanged).length;
  return { ...counted, figures: { ...counted, replayed: kept.length, changed, p50: p50!, p95: p95! } };
}

const firstReason = (reasons: readonly (string | undefined)[]): string | undefined =>
  reasons.find((reason) => reason !== undefined);

/** The felt gaps with the changes. */
export function replayedGaps(
  gaps: Replayable<ReplayTurn>,
  changes: readonly PreparedChange[],
  seed: number,
): ReplayAttempt {
  const missing = (turn: ReplayTurn) => firstReason(changes.map(({ gap }) => gap?.missing(turn)));
  const afterMs = (turn: ReplayTurn, random: Random) => {
    const plan = copyPlan(turn.plan);
    for (const { gap } of changes) gap?.apply(plan, turn, random);
    return gapMs(plan);
  };
  const isConcerned = changes.some(({ gap }) => gap);
  return replayed(gaps, { isConcerned, missing, beforeMs: ({ plan }) => gapMs(plan), afterMs }, seed);
}

/** The times to hello with the changes. */
export function replayedHellos(
  calls: Replayable<ReplayCall>,
  changes: readonly PreparedChange[],
  seed: number,
): ReplayAttempt {
  const missing = (call: ReplayCall) => firstReason(changes.map(({ hello }) => hello?.missing(call)));
  const afterMs = (call: ReplayCall) => {
    const plan = copyHelloPlan(call.plan);
    for (const { hello } of changes) hello?.apply(plan, call);
    return helloMsOf(plan);
  };
  const isConcerned = changes.some(({ hello }) => hello);
  return replayed(calls, { isConcerned, missing, beforeMs: ({ plan }) => helloMsOf(plan), afterMs }, seed);
}

/** The marks of a turn with the changes of its gap, as far as they can be applied to it. */
function changedTimes(
  { record, plan: own }: ReplayToolTurn,
  changes: readonly PreparedChange[],
  random: Random,
): ReadonlyMap<MarkName, number> {
  if (!own) return new Map();
  const plan = copyPlan(own);
  const turn = { record, plan: own };
  for (const { gap } of changes) if (gap && gap.missing(turn) === undefined) gap.apply(plan, turn, random);
  return timesOf(plan);
}

/** The silences of turns with tools with the changes. */
export function replayedTools(
  turns: Replayable<ReplayToolTurn>,
  changes: readonly PreparedChange[],
  seed: number,
): ReplayAttempt {
  const missing = ({ record }: ReplayToolTurn) =>
    firstReason(changes.map(({ tool }) => tool?.missing(record)));
  const afterMs = (turn: ReplayToolTurn, random: Random) => {
    const plan: ToolPlan = { record: turn.record, times: changedTimes(turn, changes, random) };
    for (const { tool } of changes) tool?.apply(plan);
    return toolSilenceMsOf(plan) ?? turn.longestMs;
  };
  const isConcerned = changes.some(({ tool }) => tool);
  return replayed(turns, { isConcerned, missing, beforeMs: ({ longestMs }) => longestMs, afterMs }, seed);
}
