import { percentile } from '@firstword/records';
import { FirstwordError, ledgerOf, type Segment, type TurnRecord } from '@firstword/turn';
import { ascending } from '@firstword/turn/statistics';

/** One turn without its LLM. */
export interface RestOfTurn {
  /** Silence that others own: the end-of-turn wait, the user's logic, the voice, the way to the caller, ms. */
  otherMs: number;
  /** How much of the LLM's time ran beside that and was not heard, ms: it had been started early. */
  headStartMs: number;
}

/** What the LLM's time is added to, and where that comes from. */
export interface OtherStages {
  source: string;
  turns: readonly RestOfTurn[];
}

/**
 * Where no turn records are given. The wait is LiveKit's default `minDelay` without a streaming turn detector; the voice
 * is an assumption on the quick side. Transcription is taken to be done within the wait; playout and the caller's line
 * come on top.
 */
export const DEFAULT_STAGES: OtherStages = {
  source:
    'assumed: 500 ms end-of-turn wait (LiveKit’s default), 100 ms to the voice’s first byte, no head start',
  turns: [{ otherMs: 600, headStartMs: 0 }],
};

const LLM_SEGMENTS: readonly Segment['name'][] = [
  'connection',
  'request',
  'LLM queue and prefill',
  'LLM first delta',
  'reasoning',
  'LLM first content',
  'first clause',
];

function restOf(record: TurnRecord): RestOfTurn | undefined {
  const { segments, feltGapMs } = ledgerOf(record);
  const { llmRequested, firstClause, firstContent } = record.marks;
  const spokenMs = firstClause ?? firstContent;
  if (feltGapMs === undefined || segments.length === 0 || record.toolCalls > 0) return undefined;
  if (llmRequested === undefined || spokenMs === undefined) return undefined;
  const onPathMs = segments
    .filter(({ name }) => LLM_SEGMENTS.includes(name))
    .reduce((sum, { durationMs }) => sum + durationMs, 0);
  return {
    otherMs: Math.max(0, feltGapMs - onPathMs),
    headStartMs: Math.max(0, spokenMs - llmRequested - onPathMs),
  };
}

/**
 * The user's own stages, from turn records that know the felt gap and the LLM's moments. Turns with tools are left out:
 * they wait for two answers.
 * @throws FirstwordError `record_invalid` where no record tells
 */
export function otherStages(records: readonly TurnRecord[], source: string): OtherStages {
  const turns = records.flatMap((record) => restOf(record) ?? []);
  if (turns.length === 0) {
    throw new FirstwordError(
      'record_invalid',
      `${source} holds no turn with a felt gap and the LLM's moments: give records of firstword demo, compare or an observed agent.`,
    );
  }
  return { source: `${turns.length} turns of ${source}`, turns };
}

/** What a caller would wait, with this model and these other stages. */
export interface FeltGapFigures {
  /** Of the answers that came, ms. */
  p50Ms: number;
  p95Ms: number;
  /** Share of the turns over 1 s, and over 2 s, when callers think that the line dropped; failures are both. */
  overOneSecond: number;
  overTwoSeconds: number;
}

/** Turns that one answer is put into, where more are known. */
const MOST_TURNS = 200;

/** Evenly spread over all, slow and quick ones alike. */
function spread(turns: readonly RestOfTurn[]): readonly RestOfTurn[] {
  if (turns.length <= MOST_TURNS) return turns;
  const sorted = [...turns].sort((a, b) => a.otherMs - b.otherMs);
  const at = (place: number) => sorted[Math.floor((place / MOST_TURNS) * sorted.length)]!;
  return Array.from({ length: MOST_TURNS }, (_, place) => at(place + 0.5));
}

/**
 * Puts every answer into every turn.
 * @param spokenMs until there was text to speak, of the requests that were answered, ms
 * @returns `undefined` where none was
 */
export function feltGapFigures(
  spokenMs: readonly number[],
  failed: number,
  stages: OtherStages,
): FeltGapFigures | undefined {
  if (spokenMs.length === 0) return undefined;
  const turns = spread(stages.turns);
  const gapsMs = ascending(
    turns.flatMap(({ otherMs, headStartMs }) =>
      spokenMs.map((ms) => otherMs + Math.max(0, ms - headStartMs)),
    ),
  );
  const over = (limitMs: number) => {
    const late = gapsMs.filter((gapMs) => gapMs > limitMs).length / turns.length;
    return (late + failed) / (spokenMs.length + failed);
  };
  return {
    p50Ms: percentile(gapsMs, 50),
    p95Ms: percentile(gapsMs, 95),
    overOneSecond: over(1000),
    overTwoSeconds: over(2000),
  };
}
