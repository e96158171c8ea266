import { FirstwordError, ledgerOf, type Segment, type TurnRecord } from '@firstword/turn';
import { ascending, percentile } from '@firstword/turn/statistics';

/** The stages of one turn other than the LLM. */
export interface RestOfTurn {
  /** Silence outside the LLM: end-of-turn wait, the user's logic, TTS, transport, ms. */
  otherMs: number;
  /** LLM time hidden behind those stages because the request started early (speculation), ms. */
  headStartMs: number;
}

/** The other stages that the LLM's latency is added to, and where they come from. */
export interface OtherStages {
  /** Shown in reports: the assumption, or the records that were read. */
  source: string;
  turns: readonly RestOfTurn[];
}

/**
 * Used where no turn records are given. The wait is LiveKit's default `minDelay` without a streaming turn detector; the
 * TTS latency is an optimistic assumption. Transcription is assumed to finish within the wait. Playout and transport are
 * not included.
 */
export const DEFAULT_STAGES: OtherStages = {
  source:
    'assumed: 500 ms end-of-turn wait (LiveKit’s default), 100 ms TTS time to first byte, no speculation',
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
 * The other stages of the user's own turns, from records with a felt gap and LLM marks. Turns with tool calls are skipped
 * because they contain two LLM requests.
 * @param source shown in reports
 * @throws FirstwordError `record_invalid` where no record has them
 */
export function otherStages(records: readonly TurnRecord[], source: string): OtherStages {
  const turns = records.flatMap((record) => restOf(record) ?? []);
  if (turns.length === 0) {
    throw new FirstwordError(
      'record_invalid',
      `${source} contains no turn with a felt gap and LLM marks: give records of firstword demo, compare or an observed agent.`,
    );
  }
  return { source: `${turns.length} turns of ${source}`, turns };
}

/** The felt gap of turns with this model and these other stages. */
export interface FeltGapFigures {
  /** Of the answered requests, ms. */
  p50Ms: number;
  p95Ms: number;
  /** Share of turns over 1 s and over 2 s (callers then assume that the line dropped), 0 to 1. A failure counts as both. */
  overOneSecond: number;
  overTwoSeconds: number;
}

/** Each answer is combined with at most this many turns. */
const MOST_TURNS = 200;

/** Picks turns evenly from the sorted ones, so that slow and fast turns keep their proportion. */
function spread(turns: readonly RestOfTurn[]): readonly RestOfTurn[] {
  if (turns.length <= MOST_TURNS) return turns;
  const sorted = [...turns].sort((a, b) => a.otherMs - b.otherMs);
  const at = (place: number) => sorted[Math.floor((place / MOST_TURNS) * sorted.length)]!;
  return Array.from({ length: MOST_TURNS }, (_, place) => at(place + 0.5));
}

/**
 * The felt gap over all combinations of an answer and a turn.
 * @param spokenMs time until the TTS had text, of the answered requests, ms
 * @param failed number of failed requests
 * @returns `undefined` where no request was answered
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
