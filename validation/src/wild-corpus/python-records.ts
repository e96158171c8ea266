import { oneOf, type Random } from '@firstword/turn/statistics';
import { printedDelays, secretOf, type WildCall, type WildRequest, type WildTurn } from './call.js';
import { happens, letters } from './draw.js';
import { pythonNote } from './python-notes.js';
import { type LogRecord, round2, seconds } from './record.js';
import { APP_LINES, TOOLS } from './vocabulary.js';

type Extra = Record<string, unknown>;

/** What every record of a job process carries. */
function contextOf(call: WildCall, pid: number): Extra {
  return call.version === '1.2.0' ? { pid, job_id: call.job } : { pid, job_id: call.job, room_id: call.room };
}

function modelOf(call: WildCall, kind: 'llm' | 'stt' | 'tts'): Extra {
  const { model, provider } = call.stack[kind];
  return call.version === '1.2.0' ? {} : { model_name: model, model_provider: provider };
}

function llmExtra(call: WildCall, request: WildRequest): Extra {
  const streamMs = Math.max(1, request.durationMs);
  return {
    ...modelOf(call, 'llm'),
    ttft: round2(request.ttftMs < 0 ? -1 : seconds(request.ttftMs)),
    prompt_tokens: request.promptTokens,
    prompt_cached_tokens: request.cachedTokens,
    ...(call.version === '1.7.0' ? { cache_creation_tokens: 0 } : {}),
    completion_tokens: request.completionTokens,
    tokens_per_second: round2((1000 * request.completionTokens) / streamMs),
  };
}

function realtimeExtra(request: WildRequest): Extra {
  return {
    ttft: round2(seconds(request.ttftMs)),
    input_tokens: request.promptTokens,
    cached_input_tokens: request.cachedTokens,
    output_tokens: request.completionTokens * 6,
    total_tokens: request.promptTokens + request.completionTokens * 6,
    tokens_per_second: round2((6000 * request.completionTokens) / request.durationMs),
  };
}

/** A record of a turn without its time and its context. */
type Line = Pick<LogRecord, 'level' | 'logger' | 'message' | 'extra'> & {
  afterMs: number;
  traceback?: string;
};

/** What `log_metrics` prints of a turn. */
function metricsLines(call: WildCall, turn: WildTurn, logger: string): Line[] {
  const line = (afterMs: number, message: string, extra: Extra): Line => ({
    afterMs,
    level: 'info',
    logger,
    message,
    extra,
  });
  const last = turn.requests[turn.requests.length - 1]!;
  if (call.isRealtime)
    return [line(turn.endOfTurnMs + last.durationMs, 'RealtimeModel metrics', realtimeExtra(last))];
  const printed = printedDelays(turn);
  const lines = [
    line(turn.endOfTurnMs + turn.userLogicMs, 'EOU metrics', {
      ...modelOf(call, 'stt'),
      end_of_utterance_delay: round2(seconds(printed.endOfTurnMs)),
      transcription_delay: round2(seconds(printed.transcriptionMs)),
    }),
    ...turn.requests
      .filter(({ ttftMs, isCancelled }) => ttftMs >= 0 || isCancelled)
      .map((one) => line(one.afterMs + one.durationMs, 'LLM metrics', llmExtra(call, one))),
    line(turn.e2eMs + 1200, 'STT metrics', { ...modelOf(call, 'stt'), audio_duration: 5 }),
  ];
  if (turn.isFailed) return lines;
  const tts = {
    ...modelOf(call, 'tts'),
    ttfb: seconds(turn.ttfbMs),
    audio_duration: round2(turn.answer.length * 0.062),
  };
  return [...lines, line(turn.e2eMs + 900, 'TTS metrics', tts)];
}

/** What the framework logs of a turn itself. */
function frameworkLines(call: WildCall, turn: WildTurn, random: Random): Line[] {
  const line = (afterMs: number, message: string, extra: Extra): Line => ({
    afterMs,
    level: 'debug',
    logger: 'livekit.agents',
    message,
    extra,
  });
  return [
    line(turn.transcriptionMs, 'received user transcript', {
      user_transcript: turn.userText,
      language: 'en',
    }),
    ...turn.notes.map((one) => ({ ...pythonNote(call, one, random), afterMs: one.afterMs })),
    ...turn.requests
      .filter(({ isToolCall }) => isToolCall)
      .map((one) =>
        line(one.afterMs + one.durationMs, 'executing tool', {
          function: TOOLS[turn.answer.length % TOOLS.length],
          arguments: '{"id": "A-2231"}',
          speech_id: `speech_${letters(random, 12).toLowerCase()}`,
        }),
      ),
  ];
}

/** The records of one turn. */
function turnRecords(call: WildCall, turn: WildTurn, random: Random, context: Extra): LogRecord[] {
  const logger = oneOf(['livekit.agents', 'basic-agent', 'agent', '__main__'], random);
  return [...frameworkLines(call, turn, random), ...metricsLines(call, turn, logger)].map(
    ({ afterMs, extra, ...rest }) => ({
      ...rest,
      atMs: turn.endedAtMs + afterMs,
      extra: { ...extra, ...context },
    }),
  );
}

function startRecords(call: WildCall, pid: number): LogRecord[] {
  const at = call.startedAtMs;
  const line = (afterMs: number, message: string, extra: Extra): LogRecord => ({
    atMs: at + afterMs,
    level: 'info',
    logger: 'livekit.agents',
    message,
    extra,
  });
  return [
    line(0, 'received job request', {
      job_id: call.job,
      dispatch_id: '',
      room_name: call.roomName,
      agent_name: '',
      resuming: false,
    }),
    line(220, 'initializing process', { pid }),
    line(1350, 'process initialized', { pid, elapsed_time: 1.13 }),
  ];
}

/** The greeting has no end of turn before it, and often no LLM. One line in three calls has a secret, as apps log them. */
function greetingRecords(call: WildCall, random: Random, context: Extra): LogRecord[] {
  const record = (afterMs: number, logger: string, message: string, extra: Extra): LogRecord => ({
    atMs: call.startedAtMs + afterMs,
    level: 'info',
    logger,
    message,
    extra: { ...extra, ...context },
  });
  const records = [
    record(2300, 'livekit.agents', 'TTS metrics', {
      ...modelOf(call, 'tts'),
      ttfb: seconds(call.stack.tts.ttfbMs * 1.1),
      audio_duration: 2.31,
    }),
  ];
  if (happens(random, 0.33))
    records.push(
      record(1800, 'agent', 'crm request', { authorization: `Bearer ${secretOf(call)}`, status: 200 }),
    );
  return records;
}

/** What a call leaves in the log of LiveKit Agents for Python. */
export function pythonRecords(call: WildCall, random: Random): LogRecord[] {
  const pid = random.integer(18, 4000);
  const context = contextOf(call, pid);
  const records = [...startRecords(call, pid), ...greetingRecords(call, random, context)];
  for (const turn of call.turns) {
    records.push(...turnRecords(call, turn, random, context).filter(() => !happens(random, 0.01)));
    if (happens(random, 0.25))
      records.push({
        atMs: turn.endedAtMs + turn.e2eMs + random.integer(100, 900),
        level: 'info',
        logger: 'agent',
        message: oneOf(APP_LINES, random),
        extra: { tenant: random.integer(1, 40), ...context },
      });
  }
  return records.sort((a, b) => a.atMs - b.atMs);
}
