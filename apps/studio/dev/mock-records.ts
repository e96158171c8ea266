import { type CallRecord, type TurnRecord, toCallRecord, toTurnRecord } from '@firstword/turn';
import type { LeverSet } from '../src/protocol.js';

/** A mock turn for developing the page. No figure in this folder was measured; never publish one. */
export interface MockTurn {
  /** The caller's words. */
  caller: string;
  /** The agent's words. */
  agent: string;
  /** Time to the LLM's first content, ms. */
  llmMs: number;
  /** Whether a speculation was kept. */
  speculated?: boolean;
  /** Whether the mark `speechEnded` is missing, so that there is no felt gap. */
  noGap?: boolean;
  /** How long a tool runs for this turn, ms. */
  toolMs?: number;
  /** The caller breaks in: how long the agent goes on, ms. */
  stopMs?: number;
  /** Whether a realtime model answers. */
  isRealtime?: boolean;
}

/** The turns of the mock call. */
export const SCRIPT: MockTurn[] = [
  { caller: 'Hi, are you open on Sunday?', agent: 'Yes, from ten in the morning until four.', llmMs: 110 },
  {
    caller: 'Could I book a table for four people at half past twelve?',
    agent:
      'Of course. I have a table for four at half past twelve on Sunday. What name shall I put it under?',
    llmMs: 420,
    speculated: true,
  },
  {
    caller: 'Miller.',
    agent: 'One moment, I will book it. Your table is booked, Miller, party of four.',
    llmMs: 96,
    toolMs: 1_400,
    stopMs: 230,
  },
  { caller: 'mhm', agent: 'Is there anything else?', llmMs: 130, noGap: true },
  {
    caller: 'How do I get there from the station?',
    agent: 'Leave by the north exit and follow the river for five minutes.',
    llmMs: 1_180,
    isRealtime: true,
  },
  { caller: 'Great, thanks. Bye.', agent: 'Goodbye, see you on Sunday.', llmMs: 90, speculated: true },
];

/** The marks of a mock turn in their usual order, ms. */
function marksOf({ llmMs, speculated, noGap }: MockTurn, endedMs: number): TurnRecord['marks'] {
  const committed = 560;
  const requested = speculated ? -140 : committed + 2;
  const content = requested + 4 + llmMs;
  const clause = content + 46;
  const tts = Math.max(clause + 1, committed);
  const at = (ms: number) => endedMs + ms;
  return {
    ...(noGap ? {} : { speechEnded: at(0) }),
    interimTranscript: at(-180),
    ...(speculated ? { speculationStarted: at(-145) } : {}),
    finalTranscript: at(312),
    endpointingElapsed: at(548),
    turnCommitted: at(committed),
    llmRequested: at(requested),
    connectionReady: at(requested + 0.4),
    requestSent: at(requested + 1.1),
    responseHeaders: at(content - 21),
    firstDelta: at(content - 20),
    firstContent: at(content),
    firstClause: at(clause),
    ttsRequested: at(tts),
    ttsFirstByte: at(tts + 52),
    framePublished: at(tts + 54),
    firstAudible: at(tts + 91),
  };
}

/** The marks of a turn that a realtime model answers: the provider's turn detection, then its first audio. */
function realtimeMarksOf({ llmMs }: MockTurn, endedMs: number): TurnRecord['marks'] {
  const at = (ms: number) => endedMs + ms;
  return {
    speechEnded: at(0),
    turnEndAudio: at(500),
    turnEndSent: at(519),
    turnEndReported: at(561),
    responseCreated: at(598),
    responseAudio: at(598 + llmMs),
    framePublished: at(600 + llmMs),
    firstAudible: at(660 + llmMs),
  };
}

/** A tool that is called after a few words, and an answer after it. */
function toolsOf(toolMs: number, marks: TurnRecord['marks']): Partial<TurnRecord> {
  const audibleMs = marks.firstAudible!;
  const startedMs = audibleMs + 300;
  const endedMs = startedMs + toolMs;
  return {
    tools: [{ name: 'book_table', startedMs, endedMs }],
    afterTools: [{ requestedMs: endedMs + 2, firstContentMs: endedMs + 180 }],
    speech: [
      { fromMs: audibleMs, toMs: audibleMs + 900 },
      { fromMs: endedMs + 290, toMs: endedMs + 2_400 },
    ],
  };
}

const REALTIME: Partial<TurnRecord> = {
  llm: { provider: 'openai', model: 'gpt-realtime', emulated: true, requests: 1 },
  realtime: { responses: 1, silentResponses: 0, turnDetection: 'server_vad' },
  settings: {
    'turnDetection.bound': 'turnDetection.silenceDurationMs',
    'turnDetection.silenceDurationMs': 500,
  },
};

/** The record of the mock call. */
export const mockCallRecord = (callId: string): CallRecord =>
  toCallRecord({
    callId,
    at: new Date(1_790_000_000_000).toISOString(),
    marks: {
      callerArrived: 0,
      sessionStarted: 0,
      sessionReady: 46,
      greetingRequested: 47,
      ttsRequested: 61,
      ttsFirstByte: 402,
      framePublished: 409,
      firstAudible: 437,
    },
    greeting: 'said',
    tts: { provider: 'flite', model: 'flite' },
  });

/** The record of a mock turn. */
export function mockRecord(turn: MockTurn, number: number, callId: string, levers: LeverSet): TurnRecord {
  const endedMs = number * 9_000;
  const { toolMs, stopMs, isRealtime = false, speculated } = turn;
  const marks = isRealtime ? realtimeMarksOf(turn, endedMs) : marksOf(turn, endedMs);
  return toTurnRecord({
    callId,
    turn: number,
    at: new Date(1_790_000_000_000 + endedMs).toISOString(),
    marks,
    levers,
    ...(isRealtime ? {} : { trimmedMs: 180, clauseLeadMs: 90 }),
    interrupted: false,
    bargeIn: stopMs !== undefined,
    toolCalls: toolMs === undefined ? 0 : 1,
    llm: {
      provider: 'groq',
      model: 'gpt-oss-120b',
      emulated: true,
      connection: number === 1 ? { state: 'cold', dnsMs: 0.1, tcpMs: 0.2 } : { state: 'reused' },
      tokens: {
        promptTokens: 900 + number * 60,
        cachedTokens: 512,
        completionTokens: 30 + number,
        reasoningTokens: 0,
      },
      requests: 1,
    },
    ...(isRealtime
      ? {}
      : {
          stt: { provider: 'moonshine', model: 'tiny' },
          tts: { provider: 'flite', model: 'flite', voice: 'slt' },
        }),
    ...(speculated ? { speculation: { started: 1, kept: 1, cancelled: 0, hiddenMs: 200 } } : {}),
    settings: { 'endpointing.bound': 'endpointing.minDelay', 'endpointing.minDelay': 500 },
    ...(toolMs === undefined ? {} : toolsOf(toolMs, marks)),
    ...(stopMs === undefined
      ? {}
      : { interruptions: [{ callerFromMs: endedMs - 900, stoppedMs: endedMs - 900 + stopMs }] }),
    ...(isRealtime ? REALTIME : {}),
  });
}
