import { gainWithout, type MarkName, type Segment } from '@firstword/turn';
import type { EvidenceTurn, TurnStage } from './evidence.js';

/** The ledger segments that belong to each stage. */
const SEGMENTS = {
  stt: ['final transcript', 'interim transcript'],
  endpointing: ['end-of-turn wait'],
  decision: ['turn decision'],
  logic: ['to your logic', 'your logic'],
  connection: ['connection'],
  request: ['request'],
  llm: ['LLM queue and prefill', 'LLM first delta', 'LLM first content'],
  reasoning: ['reasoning'],
  tools: ['tools'],
  afterTools: ['LLM after tools', 'model after tools'],
  clause: ['first clause'],
  held: ['TTS held for the commit'],
  voice: ['TTS first byte'],
  handOff: ['to the LLM', 'hand-off to the TTS', 'audio hand-off', 'reply released'],
  silence: ['leading silence'],
  transport: ['transport'],
  // A provider that failed leaves no marks of its request.
  failover: ['llmRequested to firstDelta'],
  realtimeTurnDetection: ['provider turn detection', 'provider end of turn'],
  realtimeNetwork: ['audio chunk', 'provider round trip'],
  realtimeModel: ['response created', 'model first audio', 'provider end of turn and first output'],
  // The provider reports neither the end of the turn nor when it began to answer.
  realtimeUnreported: ['provider end of turn and first output'],
  rescue: ['wait for the rescue'],
} as const satisfies Record<TurnStage, readonly Segment['name'][]>;

/** The stages of a request to the LLM. */
export const LLM_STAGES = [
  'connection',
  'request',
  'llm',
  'reasoning',
] as const satisfies readonly TurnStage[];

/** Whether a turn has a ledger. Without one, waits are computed from the reported parts. */
export const hasLedger = (turn: EvidenceTurn): boolean =>
  turn.measure === 'feltGap' && turn.gapMs !== undefined;

/** Everything before the reply's own LLM and TTS, as far as it was reported. */
export function beforeReplyMs({ parts }: EvidenceTurn): number | undefined {
  const { endOfTurnMs, replyReleasedMs, logicMs = 0 } = parts;
  if (endOfTurnMs !== undefined) return endOfTurnMs + logicMs;
  return replyReleasedMs;
}

/**
 * How much of the reported parts ran at the same time: an answer started before the end of the turn makes their sum longer than
 * the whole.
 */
function overlapMs(turn: EvidenceTurn): number {
  const { gapMs, parts } = turn;
  if (gapMs === undefined) return 0;
  const reportedMs = (beforeReplyMs(turn) ?? 0) + (parts.ttftMs ?? 0) + (parts.ttsMs ?? 0);
  return Math.max(0, reportedMs - gapMs);
}

const REPORTED: Partial<Record<TurnStage, (turn: EvidenceTurn) => number | undefined>> = {
  stt: ({ parts }) => parts.sttFinalMs,
  endpointing: ({ parts }) => parts.endOfTurnMs,
  logic: ({ parts }) => parts.logicMs,
  llm: (turn) => {
    const { ttftMs } = turn.parts;
    return ttftMs === undefined ? undefined : Math.max(0, ttftMs - overlapMs(turn));
  },
  voice: ({ parts }) => parts.ttsMs,
};

/** How much of the gap was spent waiting for these stages, ms; hidden work does not count. 0 where unknown. */
export function waitedMs(turn: EvidenceTurn, ...stages: TurnStage[]): number {
  return stages.reduce((sum, stage) => {
    if (!hasLedger(turn)) return sum + (REPORTED[stage]?.(turn) ?? 0);
    return sum + SEGMENTS[stage].reduce<number>((of, name) => of + (turn.path[name] ?? 0), 0);
  }, 0);
}

/** The marks without which a stage of a turn that was reported as durations has no place in its replay. */
const REPLAYED: Partial<Record<TurnStage, readonly MarkName[]>> = {
  stt: ['finalTranscript', 'turnCommitted'],
  endpointing: ['endpointingElapsed', 'turnCommitted'],
  logic: ['logicEnded'],
  llm: ['llmRequested', 'firstContent'],
  clause: ['firstClause'],
  voice: ['ttsRequested', 'ttsFirstByte'],
};

/** Of these stages, those that can be replayed. */
function replayable(turn: EvidenceTurn, stages: readonly TurnStage[]): readonly TurnStage[] {
  if (hasLedger(turn)) return stages;
  return stages.filter((stage) => REPLAYED[stage]?.every((mark) => turn.marks[mark] !== undefined));
}

/** Gains of turns by their stages: many rules ask for the same ones, and several times. */
const GAINS = new WeakMap<EvidenceTurn, Map<string, number | undefined>>();

/**
 * By how much the gap would shrink if these stages took no time, ms. Less than was waited for them where other work ended
 * shortly before. `undefined` where marks that it depends on are missing.
 */
export function gainedMs(turn: EvidenceTurn, ...stages: TurnStage[]): number | undefined {
  if (turn.gapMs === undefined) return undefined;
  const shortened = replayable(turn, stages);
  if (shortened.length === 0) return undefined;
  const gains = GAINS.get(turn) ?? new Map<string, number | undefined>();
  GAINS.set(turn, gains);
  const key = shortened.join();
  if (!gains.has(key)) {
    const names = shortened.flatMap((stage): readonly Segment['name'][] => SEGMENTS[stage]);
    gains.set(key, gainWithout(turn.marks, names));
  }
  return gains.get(key);
}
