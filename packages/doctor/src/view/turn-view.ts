import { SOURCES_WITHOUT_ENDS } from '@firstword/records/import';
import {
  isFailed,
  ledgerOf,
  type Marks,
  outcomeOf,
  type Segment,
  type TurnRecord,
  toMarkGrid,
} from '@firstword/turn';
import type { EvidenceTurn, TurnParts } from '../evidence.js';
import { ms as msText } from '../figures.js';
import { reportedMarks } from '../what-if/reported-marks.js';
import { replyShapeOf } from './reply-shape.js';

/** Where a record was read, and what its source reports that cannot be true. */
export interface RecordSource {
  /** `file:line` of its record. */
  place: string;
  impossibleValues?: readonly string[] | undefined;
}

/** Callers do not wait longer than this: a longer time means a wrong clock or unit. */
export const MAX_PLAUSIBLE_MS = 120_000;

const between = (fromMs: number | undefined, toMs: number | undefined): number | undefined =>
  fromMs === undefined || toMs === undefined ? undefined : toMarkGrid(toMs - fromMs);

/** A later mark can precede an earlier one (a TTS that speaks a speculation): that is no duration. */
const forward = (fromMs: number | undefined, toMs: number | undefined): number | undefined => {
  const ms = between(fromMs, toMs);
  return ms === undefined || ms < 0 ? undefined : ms;
};

/** Interim transcripts may come before the caller has finished: that counts as 0. */
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

/** Durations of an export take precedence over its few marks: they are the same figures, unrounded. */
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
    firstSentenceMs: imported.llmFirstSentenceMs,
    streamMs: imported.llmStreamMs,
  };
}

/** The parts of a failed turn: what led to its commit. What came after is of no answer. */
function partsBeforeAnswer(record: TurnRecord): TurnParts {
  const { interimMs, sttFinalMs, finalLeadMs, endpointWaitMs, endOfTurnMs, logicMs } = partsOf(record);
  return { interimMs, sttFinalMs, finalLeadMs, endpointWaitMs, endOfTurnMs, logicMs };
}

function pathOf(segments: readonly Segment[]): EvidenceTurn['path'] {
  const path: Partial<Record<Segment['name'], number>> = {};
  for (const { name, durationMs } of segments) path[name] = (path[name] ?? 0) + durationMs;
  return path;
}

/**
 * The end of a turn, the user's code, the first token and the first byte in a row: the gap of a log that reports no total. A
 * speech-to-speech model reports nothing before the response's creation: only its first audio is known.
 */
function sumOfParts(
  { endOfTurnMs, sttFinalMs, logicMs = 0, ttftMs, ttsMs }: TurnParts,
  { isRealtime, from }: NonNullable<TurnRecord['imported']>,
): number | undefined {
  if (isRealtime && ttftMs !== undefined) return (endOfTurnMs ?? 0) + logicMs + ttftMs;
  // Such a source never reports the end of a turn: what it does report is the whole that is known.
  if (SOURCES_WITHOUT_ENDS.has(from) && ttftMs !== undefined)
    return (endOfTurnMs ?? sttFinalMs ?? 0) + ttftMs + (ttsMs ?? 0);
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
  // A failed turn has no gap, even if a frame was sent.
  if (!imported || isFailed(outcomeOf(record))) return { gapMs: undefined, measure: 'feltGap' };
  const frameMs = imported.e2eMs ?? forward(marks.speechEnded, marks.framePublished);
  if (frameMs !== undefined) return { gapMs: frameMs, measure: 'firstFrame' };
  return { gapMs: sumOfParts(parts, imported), measure: 'reportedParts' };
}

/** Names of speech-to-speech models. */
const REALTIME = /realtime|-live\b|native-audio|live-preview/i;

/**
 * The marks that savings are computed from: what-if replays the same. Those of an export are derived from its durations, and
 * its first frame counts as the first sound.
 */
function replayMarks(record: TurnRecord): Marks {
  if (!record.imported) return record.marks;
  const marks = reportedMarks(record);
  return marks.framePublished === undefined ? marks : { ...marks, firstAudible: marks.framePublished };
}

/** A turn that ends later than this after the last word was not measured from that word: its time stamp is an old one. */
const MAX_END_OF_TURN_MS = 30_000;
const MAX_OF: Partial<Record<string, number>> = {
  endOfTurnMs: MAX_END_OF_TURN_MS,
  sttFinalMs: MAX_END_OF_TURN_MS,
};

const isPlausible = (ms: number, mostMs = MAX_PLAUSIBLE_MS) => ms >= 0 && ms <= mostMs;

/** Parts by the words that a reader knows. */
const PART_NAMES: Partial<Record<string, string>> = {
  endOfTurnMs: 'an end-of-turn delay',
  sttFinalMs: 'a transcription delay',
  logicMs: 'time in your own code',
  ttftMs: 'a time to first token',
  ttsMs: 'a time to first byte',
  playbackMs: 'a playback latency',
};

/** Removes durations that cannot be true, so that no rule uses them, and names them. */
function plausible(parts: TurnParts): { parts: TurnParts; impossibleValues: string[] } {
  const impossibleValues: string[] = [];
  const kept = Object.entries(parts).filter(([name, ms]) => {
    if (ms === undefined) return false;
    if (!isPlausible(ms, MAX_OF[name])) impossibleValues.push(`${PART_NAMES[name] ?? name} of ${msText(ms)}`);
    return isPlausible(ms, MAX_OF[name]);
  });
  return { parts: Object.fromEntries(kept), impossibleValues };
}

/** A record as rules see it. The ledger is recomputed from its marks; the transcript is reduced to its shape. */
export function toEvidenceTurn(record: TurnRecord, seen: RecordSource): EvidenceTurn {
  const ledger = ledgerOf(record, { withGains: false });
  const outcome = outcomeOf(record);
  const { parts, impossibleValues } = plausible(
    isFailed(outcome) ? partsBeforeAnswer(record) : partsOf(record),
  );
  const gap = gapOf(record, parts, ledger.feltGapMs);
  const { transcript } = record;
  // A whole that contains an impossible part is as impossible.
  const isStale = impossibleValues.length > 0 && (gap.gapMs ?? 0) > MAX_END_OF_TURN_MS;
  if (gap.gapMs !== undefined && (isStale || !isPlausible(gap.gapMs))) {
    impossibleValues.push(`a gap of ${msText(gap.gapMs)}`);
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
    outcome,
    failure: record.failure,
    parts,
    marks: replayMarks(record),
    path: pathOf(ledger.segments),
    interrupted: record.interrupted,
    bargeIn: record.bargeIn,
    toolCalls: record.toolCalls,
    tools: record.tools,
    afterTools: record.afterTools,
    speech: record.speech,
    toolSilence: record.toolSilence,
    interruptions: record.interruptions,
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
    // Errors of the export are named with the export's field names.
    impossibleValues:
      seen.impossibleValues && seen.impossibleValues.length > 0 ? seen.impossibleValues : impossibleValues,
    events: [],
    isRealtime:
      record.realtime !== undefined ||
      record.imported?.isRealtime === true ||
      REALTIME.test(record.llm?.model ?? ''),
    realtime: record.realtime,
    rescue: record.rescue,
  };
}
