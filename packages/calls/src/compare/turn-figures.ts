import { ownerText, type Segment, type TurnRecord } from '@firstword/turn';

/** One segment of the ledger, with its owner as text. */
export interface LedgerPart {
  name: Segment['name'];
  owner: string;
  ms: number;
}

/** Latency figures from the agent's record of a turn. All in ms; absent where not observed. */
export interface TurnFigures {
  /** Segments on the critical path: they sum to the record's own felt gap. */
  ledger: LedgerPart[];
  /** From the end of speech to the commit of the turn. */
  commitDelayMs?: number;
  /** From the commit to the first audible sample on the tape: gap − commit delay, independent of the detected end of speech. */
  afterCommitMs?: number;
  /**
   * Provider latency of the spoken answer: the LLM's time to first content plus the TTS's time to first byte, without
   * waits for the commit, a clause or each other.
   */
  llmAndTtsMs?: number;
}

const difference = (to: number | undefined, from: number | undefined) =>
  to === undefined || from === undefined ? undefined : to - from;

/**
 * Extracts the latency figures of a turn record.
 * @param audibleMs first audible sample of the answer on the tape, on the same time axis as the marks
 */
export function turnFigures({ marks, segments }: TurnRecord, audibleMs: number | undefined): TurnFigures {
  const commitDelayMs = difference(marks.turnCommitted, marks.speechEnded);
  const afterCommitMs = difference(audibleMs, marks.turnCommitted);
  const llmMs = difference(marks.firstContent, marks.llmRequested);
  const voiceMs = difference(marks.ttsFirstByte, marks.ttsRequested);
  return {
    ledger: segments.map(({ name, owner, durationMs }) => ({
      name,
      owner: ownerText(owner),
      ms: durationMs,
    })),
    ...(commitDelayMs === undefined ? {} : { commitDelayMs }),
    ...(afterCommitMs === undefined ? {} : { afterCommitMs }),
    ...(llmMs === undefined || voiceMs === undefined ? {} : { llmAndTtsMs: llmMs + voiceMs }),
  };
}

/**
 * Whether LLM and TTS latency would fit into the commit delay if both had started at the end of speech. In that case the
 * felt gap could be as short as the commit delay itself.
 */
export function wouldFit({ commitDelayMs, llmAndTtsMs }: TurnFigures): boolean {
  return commitDelayMs !== undefined && llmAndTtsMs !== undefined && llmAndTtsMs <= commitDelayMs;
}
