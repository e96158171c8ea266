import { ownerText, type Segment, type TurnRecord } from '@firstword/turn';

/** One stretch of the silence, and whose it was. */
export interface LedgerPart {
  name: Segment['name'];
  owner: string;
  ms: number;
}

/** What the record of the turn that a line made says of its silence. All in ms; what was not seen is absent. */
export interface TurnFigures {
  /** Segments on the critical path: they sum to the record's own felt gap. */
  ledger: LedgerPart[];
  /** From the end of speech to the commit of the turn. */
  commitDelayMs?: number;
  /** From the commit to the first audible sample on the tape: gap − commit delay, whatever was taken for the end of speech. */
  afterCommitMs?: number;
  /**
   * What the two providers took: the LLM's time to first content and the voice's to its first byte, of the answer that
   * was heard. Waiting for each other, for the commit or for a clause is not in it.
   */
  llmAndTtsMs?: number;
}

const difference = (to: number | undefined, from: number | undefined) =>
  to === undefined || from === undefined ? undefined : to - from;

/** @param audibleMs first audible sample of the answer on the tape, counting from the same moment as the marks */
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
 * Whether the LLM and the voice would have fitted into the commit delay, had both begun when the caller stopped: then
 * nothing but the delay itself need be heard as silence.
 */
export function wouldFit({ commitDelayMs, llmAndTtsMs }: TurnFigures): boolean {
  return commitDelayMs !== undefined && llmAndTtsMs !== undefined && llmAndTtsMs <= commitDelayMs;
}
