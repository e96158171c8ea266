import { median } from '@firstword/turn/statistics';
import type { Evidence, EvidenceTurn } from '../evidence.js';
import { waitedMs } from '../waited.js';

/** Fewer turns of a kind say little about it. */
const MIN_TURNS = 6;
/** A smaller difference of medians is chance. */
const MIN_DIFFERENCE_MS = 120;

/** The turns of both kinds in one set of data. */
export interface BothKinds {
  realtime: readonly EvidenceTurn[];
  cascade: readonly EvidenceTurn[];
  realtimeMs: number;
  cascadeMs: number;
}

const gapOf = ({ gapMs }: EvidenceTurn): number => gapMs!;

/** Turns of a realtime model and of a cascade, measured alike; `undefined` where one of them has too few. */
export function bothKinds({ answered }: Evidence): BothKinds | undefined {
  const felt = answered.filter(({ measure }) => measure === 'feltGap');
  const realtime = felt.filter(({ isRealtime }) => isRealtime);
  const cascade = felt.filter(({ isRealtime }) => !isRealtime);
  if (realtime.length < MIN_TURNS || cascade.length < MIN_TURNS) return undefined;
  return {
    realtime,
    cascade,
    realtimeMs: median(realtime.map(gapOf))!,
    cascadeMs: median(cascade.map(gapOf))!,
  };
}

/** Whether one median is clearly above the other. */
export const isClearlyAbove = (aboveMs: number, belowMs: number): boolean =>
  aboveMs - belowMs > MIN_DIFFERENCE_MS;

/** What a turn waits for after its end is known, without the user’s own code and the transport, ms. */
export const answerMs = (turn: EvidenceTurn): number =>
  waitedMs(
    turn,
    'realtimeModel',
    'rescue',
    'connection',
    'request',
    'llm',
    'reasoning',
    'failover',
    'clause',
    'held',
    'voice',
    'silence',
  );
