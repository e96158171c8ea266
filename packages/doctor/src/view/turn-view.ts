import { ledgerOf, type Marks, type Segment, type TurnRecord, toMarkGrid } from '@firstword/turn';
import type { EvidenceTurn, TurnParts } from '../evidence.js';
import { replyShapeOf } from './reply-shape.js';

/** Where a record was read, and what its source reports that cannot be true. */
export interface RecordSource {
  /** `file:line` of its record. */
  place: string;
  impossibleValues?: readonly string[] | undefined;
}

/** Longer than this nobody waits on a telephone: a time beyond it is a clock or a unit that is wrong. */
export const MAX_PLAUSIBLE_MS = 120_000;

const between = (fromMs: number | undefined, toMs: number | undefined): number | undefined =>
  fromMs === undefined || toMs === undefined ? undefined : toMarkGrid(toMs - fromMs);

/** A later moment may be seen before an earlier one (a voice that speaks what was guessed): that is no duration. */
const forward = (fromMs: number | undefined, toMs: number | undefined): number | undefined => {
  const ms = between(fromMs, toMs);
  return ms === undefined || ms < 0 ? undefined : ms;
};

/** Words may be there before the caller has finished. */
function interimMsOf({ speechEnded, interimTranscript }: Marks): number | undefined {
  const ms = between(speechEnded, interimTranscript);
  return ms === undefined ? undefined : Math.max(0, ms);
}

function partsOfMarks(marks: Marks): TurnParts {
  const firstContent = marks.contentAfterTools ?? marks.firstContent;
  return {
    interimMs: interimMsOf(marks),
    sttFinalMs: forward(marks.speechEnded, marks.finalTranscript),
    finalLeadMs: forward(marks.finalTranscript, marks.speechEnded),
    startedMs: forward(marks.speechEnded, marks.speculationStarted),
    endpointWaitMs: forward(marks.speechEnded, marks.endpointingElapsed),
    endOfTurnMs: forward(marks.speechEnded, marks.turnCommitted),
    logicMs: forward(marks.logicStarted, marks.logicEnded),
    connectMs: forward(marks.llmRequested, marks.connectionReady),
    headersMs: forward(marks.requestSent, marks.responseHeaders),
    firstDeltaMs: forward(marks.llmRequested, marks.firstDelta),
    ttftMs: forward(marks.llmRequested, marks.firstContent),
    reasoningMs: forward(marks.firstDelta, marks.firstContent),
    leadMs: forward(marks.firstContent, marks.turnCommitted),
    toolsMs: forward(marks.firstContent, marks.toolsReturned),
    afterToolsMs: forward(marks.toolsReturned, marks.contentAfterTools),
    clauseMs: forward(firstContent, marks.firstClause),
    ttsMs: forward(marks.ttsRequested, marks.ttsFirstByte),
    frameMs: forward(marks.ttsFirstByte, marks.framePublished),
    silenceMs: forward(marks.framePublished, marks.firstAudible),
    transportMs: forward(marks.firstAudible, marks.callerHeard),
  };
}

/** What an export tells comes before what its few marks would: it is the same figure, not rounded to a moment. */
function partsOf({ marks, imported }: TurnRecord): TurnParts {
  const parts = partsOfMarks(marks);
  if (!imported) return parts;
  return {
    ...parts,
    sttFinalMs: imported.transcriptionDelayMs ?? parts.sttFinalMs,
    endOfTurnMs: imported.endOfTurnDelayMs ?? parts.endOfTurnMs,
    logicMs: imported.userLogicMs ?? parts.logicMs,
    replyReleasedMs: imported.replyReleasedMs,
    ttftMs: imported.llmTtftMs ?? parts.ttftMs,
    ttsMs: imported.ttsTtfbMs ?? parts.ttsMs,
    playbackMs: imported.playbackLatencyMs,
  };
}

function pathOf(segments: readonly Segment[]): EvidenceTurn['path'] {
  const path: Partial<Record<Segment['name'], number>> = {};
  for (const { name, durationMs } of segments) path[name] = (path[name] ?? 0) + durationMs;
  return path;
}

/** The end of a turn, the user's code, the first token and the first byte in a row: what a log without a whole tells. */
function sumOfParts({ endOfTurnMs, logicMs = 0, ttftMs, ttsMs }: TurnParts): number | undefined {
  if (endOfTurnMs === undefined || ttftMs === undefined || ttsMs === undefined) return undefined;
  return endOfTurnMs + logicMs + ttftMs + ttsMs;
}

function gapOf(
  record: TurnRecord,
  parts: TurnParts,
  feltMs: number | undefined,
): Pick<EvidenceTurn, 'gapMs' | 'measure'> {
  if (feltMs !== undefined) return { gapMs: feltMs, measure: 'feltGap' };
  const { imported, marks } = record;
  if (!imported) return { gapMs: undefined, measure: 'feltGap' };
  const frameMs = imported.e2eMs ?? forward(marks.speechEnded, marks.framePublished);
  if (frameMs !== undefined) return { gapMs: frameMs, measure: 'firstFrame' };
  return { gapMs: sumOfParts(parts), measure: 'reportedParts' };
}

const isPlausible = (ms: number) => ms >= 0 && ms <= MAX_PLAUSIBLE_MS;

/** Takes out what cannot be, so that no rule reckons with it, and says what it was. */
function plausible(parts: TurnParts): { parts: TurnParts; impossibleValues: string[] } {
  const impossibleValues: string[] = [];
  const kept = Object.entries(parts).filter(([name, ms]) => {
    if (ms === undefined) return false;
    if (!isPlausible(ms)) impossibleValues.push(`${name} of ${Math.round(ms)} ms`);
    return isPlausible(ms);
  });
  return { parts: Object.fromEntries(kept), impossibleValues };
}

/** A record as rules see it. The ledger is worked out afresh from its marks; words become their shape. */
export function toEvidenceTurn(record: TurnRecord, seen: RecordSource): EvidenceTurn {
  const ledger = ledgerOf(record);
  const { parts, impossibleValues } = plausible(partsOf(record));
  const gap = gapOf(record, parts, ledger.feltGapMs);
  const { transcript } = record;
  if (gap.gapMs !== undefined && !isPlausible(gap.gapMs)) {
    impossibleValues.push(`a gap of ${Math.round(gap.gapMs)} ms`);
    gap.gapMs = undefined;
  }
  return {
    callId: record.callId,
    turn: record.turn,
    atMs: Date.parse(record.at),
    place: seen.place,
    from: record.imported?.from ?? 'Firstword',
    ...gap,
    problem: ledger.problem,
    parts,
    path: pathOf(ledger.segments),
    interrupted: record.interrupted,
    bargeIn: record.bargeIn,
    toolCalls: record.toolCalls,
    transport: record.transport,
    llm: record.llm,
    stt: record.stt,
    tts: record.tts,
    speculation: record.speculation,
    trimmedMs: record.trimmedMs,
    clauseLeadMs: record.clauseLeadMs,
    bridge: record.bridge,
    levers: record.levers,
    settings: record.settings,
    reply: transcript?.agent === undefined ? undefined : replyShapeOf(transcript.agent),
    // What the export itself got wrong is named by the export's names.
    impossibleValues:
      seen.impossibleValues && seen.impossibleValues.length > 0 ? seen.impossibleValues : impossibleValues,
  };
}
