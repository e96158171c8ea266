import { type Marks, type TurnObservation, type TurnRecord, toTurnRecord } from '@firstword/turn';

/** Turn records for this package's tests. By default a plain cascade of 800 ms. */
export const CASCADE_MARKS: Marks = {
  speechEnded: 1000,
  finalTranscript: 1180,
  endpointingElapsed: 1500,
  turnCommitted: 1510,
  llmRequested: 1512,
  firstContent: 1640,
  firstClause: 1720,
  ttsRequested: 1721,
  ttsFirstByte: 1771,
  framePublished: 1773,
  firstAudible: 1800,
};

export function turnRecord(changes: Partial<TurnObservation> = {}): TurnRecord {
  return toTurnRecord({
    callId: 'call-1',
    turn: 1,
    at: '2026-11-22T10:00:00.000Z',
    marks: CASCADE_MARKS,
    interrupted: false,
    bargeIn: false,
    toolCalls: 0,
    llm: { provider: 'groq', model: 'gpt-oss-120b', emulated: true, requests: 1 },
    stt: { provider: 'moonshine', model: 'tiny' },
    tts: { provider: 'flite', model: 'slt' },
    settings: { 'endpointing.bound': 'endpointing.minDelay' },
    ...changes,
  });
}
