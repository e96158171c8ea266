import { ascending, percentile } from '@firstword/turn/statistics';
import type { Evidence, EvidenceTurn, TurnStage } from './evidence.js';
import { mean, valuesOf } from './figures.js';
import { beforeReplyMs, hasLedger, LLM_STAGES, waitedMs } from './waited.js';

/** The mean parts of the gaps. */
export interface GapBreakdown {
  /** Turns that have a gap. */
  turns: number;
  measure: EvidenceTurn['measure'];
  p50Ms: number;
  p95Ms: number;
  /** The largest first; shares sum to 1. */
  parts: { name: string; meanMs: number; share: number }[];
}

const STAGES: readonly [name: string, stages: readonly TurnStage[]][] = [
  ['end of turn', ['endpointing', 'decision', 'stt', 'realtimeTurnDetection']],
  ['your logic', ['logic']],
  ['to the realtime model', ['realtimeNetwork']],
  ['realtime model', ['realtimeModel', 'realtimeUnreported', 'rescue']],
  ['LLM', LLM_STAGES],
  ['tools', ['tools', 'afterTools']],
  ['hand-off to the TTS', ['clause', 'handOff', 'held']],
  ['TTS', ['voice', 'silence']],
  ['transport', ['transport']],
];

/** The parts of one turn; the rest of its gap is unattributed. */
function partsOf(turn: EvidenceTurn): Map<string, number> {
  if (hasLedger(turn)) return new Map(STAGES.map(([name, stages]) => [name, waitedMs(turn, ...stages)]));
  const isSplit = turn.parts.endOfTurnMs !== undefined;
  const { logicMs = 0 } = turn.parts;
  return new Map([
    [isSplit ? 'end of turn' : 'before the reply', (beforeReplyMs(turn) ?? 0) - (isSplit ? logicMs : 0)],
    ['your logic', isSplit ? logicMs : 0],
    ['LLM', waitedMs(turn, 'llm')],
    ['TTS', waitedMs(turn, 'voice')],
  ]);
}

/** @returns `undefined` where no turn has a gap */
export function gapBreakdownOf({ answered }: Evidence): GapBreakdown | undefined {
  if (answered.length === 0) return undefined;
  const gaps = ascending(valuesOf(answered, ({ gapMs }) => gapMs));
  const sums = new Map<string, number>();
  for (const turn of answered) {
    let restMs = turn.gapMs!;
    for (const [name, ms] of partsOf(turn)) {
      sums.set(name, (sums.get(name) ?? 0) + ms);
      restMs -= ms;
    }
    sums.set('unattributed', (sums.get('unattributed') ?? 0) + Math.max(0, restMs));
  }
  const total = [...sums.values()].reduce((sum, ms) => sum + ms, 0) || 1;
  const parts = [...sums]
    .map(([name, ms]) => ({ name, meanMs: ms / answered.length, share: ms / total }))
    .filter(({ share }) => share >= 0.005)
    .sort((a, b) => b.share - a.share);
  const felt = answered.filter(({ measure }) => measure === 'feltGap').length;
  return {
    turns: answered.length,
    measure: felt > mean([0, answered.length]) ? 'feltGap' : answered[0]!.measure,
    p50Ms: percentile(gaps, 50),
    p95Ms: percentile(gaps, 95),
    parts,
  };
}
