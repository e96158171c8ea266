import { oneOf, type Random } from '@firstword/turn/statistics';
import { printedDelays, secretOf, type WildCall, type WildRequest, type WildTurn } from './call.js';
import { happens } from './draw.js';
import { nodeNote } from './node-notes.js';
import { type LogRecord, round2 } from './record.js';
import { APP_LINES, TOOLS } from './vocabulary.js';

type Extra = Record<string, unknown>;

function llmExtra(request: WildRequest): Extra {
  return {
    ttftMs: round2(request.ttftMs),
    inputTokens: request.promptTokens,
    promptCachedTokens: request.cachedTokens,
    cacheCreationTokens: 0,
    outputTokens: request.completionTokens,
    tokensPerSecond: round2((1000 * request.completionTokens) / Math.max(1, request.durationMs)),
  };
}

function realtimeExtra(request: WildRequest): Extra {
  return {
    ttftMs: round2(request.ttftMs),
    input_tokens: request.promptTokens,
    cached_input_tokens: request.cachedTokens,
    output_tokens: request.completionTokens * 6,
    total_tokens: request.promptTokens + request.completionTokens * 6,
    tokens_per_second: round2((6000 * request.completionTokens) / request.durationMs),
  };
}

/** The records of one turn: what `logMetrics` prints, and what the framework logs itself. */
function turnRecords(call: WildCall, turn: WildTurn, random: Random, context: Extra): LogRecord[] {
  const records: LogRecord[] = [];
  const add = (afterMs: number, level: LogRecord['level'], message: string, extra: Extra = {}) =>
    records.push({
      atMs: turn.endedAtMs + afterMs,
      level,
      logger: '',
      message,
      extra: { ...context, ...extra },
    });
  add(turn.transcriptionMs, 'debug', 'received user transcript', {
    'lk.pii.user_transcript': turn.userText,
    language: 'en',
  });
  for (const one of turn.notes) {
    const { level, message, extra } = nodeNote(call, one, random);
    add(one.afterMs, level, message, { ...extra });
  }
  const printed = printedDelays(turn);
  const last = turn.requests[turn.requests.length - 1]!;
  if (call.isRealtime) {
    add(turn.endOfTurnMs + last.durationMs, 'info', 'RealtimeModel metrics', realtimeExtra(last));
    return records;
  }
  add(turn.endOfTurnMs + turn.userLogicMs, 'info', 'EOU metrics', {
    endOfUtteranceDelayMs: round2(printed.endOfTurnMs),
    transcriptionDelayMs: round2(printed.transcriptionMs),
    onUserTurnCompletedDelayMs: round2(turn.userLogicMs),
  });
  for (const request of turn.requests) {
    if (request.ttftMs >= 0 || request.isCancelled)
      add(request.afterMs + request.durationMs, 'info', 'LLM metrics', llmExtra(request));
    if (request.isToolCall)
      add(request.afterMs + request.durationMs, 'debug', 'Executing LLM tool call', {
        function: TOOLS[turn.answer.length % TOOLS.length],
      });
  }
  if (!turn.isFailed)
    add(turn.e2eMs + 900, 'info', 'TTS metrics', {
      ttfbMs: round2(turn.ttfbMs),
      audioDurationMs: Math.round(turn.answer.length * 62),
    });
  add(turn.e2eMs + 1200, 'info', 'STT metrics', { audioDurationMs: 5000 });
  if (happens(random, 0.4))
    add(turn.e2eMs + 1500, 'info', 'VAD metrics', {
      idleTimeMs: 3021,
      inferenceDurationTotalMs: 44,
      inferenceCount: 32,
    });
  return records;
}

/** What a call leaves in the log of LiveKit Agents for Node. */
export function nodeRecords(call: WildCall, random: Random): LogRecord[] {
  const pid = random.integer(18, 4000);
  const context = { jobID: call.job, room_id: call.room };
  const records: LogRecord[] = [
    {
      atMs: call.startedAtMs,
      level: 'info',
      logger: '',
      message: 'received job request',
      extra: { job: { id: call.job }, resuming: false, agentName: '' },
    },
    {
      atMs: call.startedAtMs + 60,
      level: 'info',
      logger: '',
      message: 'Creating speech handle',
      extra: { ...context, speech_id: `speech_${pid}` },
    },
    {
      atMs: call.startedAtMs + 2300,
      level: 'info',
      logger: '',
      message: 'TTS metrics',
      extra: { ...context, ttfbMs: round2(call.stack.tts.ttfbMs * 1.1), audioDurationMs: 2310 },
    },
  ];
  if (happens(random, 0.33))
    records.push({
      atMs: call.startedAtMs + 1800,
      level: 'info',
      logger: '',
      message: 'crm request',
      extra: { ...context, authorization: `Bearer ${secretOf(call)}`, status: 200 },
    });
  for (const turn of call.turns) {
    records.push(...turnRecords(call, turn, random, context).filter(() => !happens(random, 0.01)));
    if (happens(random, 0.25))
      records.push({
        atMs: turn.endedAtMs + turn.e2eMs + 300,
        level: 'info',
        logger: '',
        message: oneOf(APP_LINES, random),
        extra: { ...context, tenant: random.integer(1, 40) },
      });
  }
  return records.sort((a, b) => a.atMs - b.atMs);
}
