import { turnRecord } from '@firstword/records/testing';
import type { Marks, TurnObservation } from '@firstword/turn';
import type { Evidence, EvidenceTurn, RunEvent } from '../evidence.js';
import { evidenceOf } from '../evidence-collector.js';

/** A healthy turn: 330 ms, all of Firstword's levers on, the LLM finished before the commit. */
export const HEALTHY_MARKS: Marks = {
  speechEnded: 1000,
  interimTranscript: 980,
  speculationStarted: 1085,
  llmRequested: 1085,
  connectionReady: 1085,
  requestSent: 1086,
  responseHeaders: 1150,
  firstDelta: 1180,
  firstContent: 1182,
  firstClause: 1205,
  ttsRequested: 1205,
  ttsFirstByte: 1260,
  finalTranscript: 1200,
  endpointingElapsed: 1300,
  turnCommitted: 1301,
  logicStarted: 1301,
  logicEnded: 1301,
  framePublished: 1310,
  firstAudible: 1330,
};

/** A healthy turn in which nothing starts before the commit: 590 ms. */
export const PATIENT_MARKS: Marks = {
  speechEnded: 1000,
  finalTranscript: 1200,
  endpointingElapsed: 1300,
  turnCommitted: 1301,
  logicStarted: 1301,
  logicEnded: 1301,
  llmRequested: 1302,
  connectionReady: 1302,
  requestSent: 1303,
  responseHeaders: 1400,
  firstDelta: 1420,
  firstContent: 1422,
  firstClause: 1450,
  ttsRequested: 1451,
  ttsFirstByte: 1540,
  framePublished: 1560,
  firstAudible: 1590,
};

/** A healthy turn of a realtime model: 1,170 ms, of which 500 ms are its turn detection. */
export const REALTIME_MARKS: Marks = {
  speechEnded: 1000,
  turnEndAudio: 1500,
  turnEndSent: 1520,
  turnEndReported: 1570,
  responseCreated: 1600,
  responseAudio: 2140,
  framePublished: 2150,
  firstAudible: 2170,
};

/** A turn that a realtime model answers. */
export const realtimeTurn = (more: Partial<TurnObservation> = {}): Partial<TurnObservation> => ({
  marks: REALTIME_MARKS,
  llm: { provider: 'api.openai.com', model: 'gpt-realtime', emulated: true, requests: 1 },
  realtime: { responses: 1, silentResponses: 0, turnDetection: 'server_vad' },
  speculation: undefined,
  levers: undefined,
  trimmedMs: undefined,
  settings: {
    'turnDetection.type': 'server_vad',
    'turnDetection.silence_duration_ms': 500,
    'turnDetection.bound': 'turnDetection.silence_duration_ms',
  },
  ...more,
});

/** These marks, with `name` and all marks after it moved later. */
export function later(marks: Marks, name: keyof Marks, byMs: number): Marks {
  const fromMs = marks[name]!;
  return Object.fromEntries(
    Object.entries(marks).map(([key, ms]) => [key, key === name || ms! > fromMs ? ms! + byMs : ms]),
  );
}

export const LEVERS_ON = {
  speculation: true,
  preemptiveTts: true,
  clause: true,
  trimSilence: true,
  endpointing: true,
};

const HEALTHY: Partial<TurnObservation> = {
  marks: HEALTHY_MARKS,
  llm: {
    provider: 'groq',
    model: 'openai/gpt-oss-120b',
    emulated: true,
    requests: 1,
    connection: { state: 'reused' },
  },
  speculation: { started: 1, kept: 1, cancelled: 0, wastedTokens: 0, hiddenMs: 97 },
  levers: LEVERS_ON,
  trimmedMs: 120,
  settings: { 'endpointing.bound': 'endpointing.minDelayMs', 'endpointing.waitMs': 300 },
};

const STARTED_MS = Date.UTC(2026, 10, 22, 10);

/** Evidence of calls of ten turns each, healthy except for `change`. */
export function evidence(
  count: number,
  change: (at: number) => Partial<TurnObservation> = () => ({}),
): Evidence {
  return evidenceOf(
    Array.from({ length: count }, (_, at) =>
      turnRecord({
        ...HEALTHY,
        callId: `call-${Math.floor(at / 10)}`,
        turn: (at % 10) + 1,
        at: new Date(STARTED_MS + at * 8_000).toISOString(),
        ...change(at),
      }),
    ),
  );
}

/** The same evidence with events in some turns, as a log would have them. */
export function withEvents(
  all: Evidence,
  eventsOf: (turn: EvidenceTurn, at: number) => readonly Omit<RunEvent, 'place'>[],
): Evidence {
  const found = new Map(
    all.turns.map((turn, at) => [
      turn,
      eventsOf(turn, at).map(
        (event, line): RunEvent => ({ call: turn.callId, ...event, place: `a.log:${line + 1}` }),
      ),
    ]),
  );
  const add = (turn: EvidenceTurn): EvidenceTurn => changed.get(turn)!;
  const changed = new Map(all.turns.map((turn) => [turn, { ...turn, events: found.get(turn)! }]));
  return {
    ...all,
    calls: all.calls.map((call) => call.map(add)),
    turns: all.turns.map(add),
    answered: all.answered.map(add),
    events: [...found.values()].flat(),
  };
}

/** A turn as a chat history reports it: seconds rounded to ms, no marks of the LLM or the TTS. */
export function reportedTurn(
  parts: Omit<NonNullable<TurnObservation['imported']>, 'from'>,
  more: Partial<TurnObservation> = {},
): Partial<TurnObservation> {
  return {
    marks: { speechEnded: 0 },
    llm: undefined,
    speculation: undefined,
    levers: undefined,
    trimmedMs: undefined,
    settings: undefined,
    imported: { from: 'LiveKit chat history', ...parts },
    ...more,
  };
}

/** A reported turn that is committed `endMs` after the caller's last word, with the transcript there after 280 ms. */
export const turnEndedAfter = (endMs: number): Partial<TurnObservation> =>
  reportedTurn({
    e2eMs: endMs + 600,
    transcriptionDelayMs: 280,
    endOfTurnDelayMs: endMs,
    llmTtftMs: 400,
    ttsTtfbMs: 200,
  });
