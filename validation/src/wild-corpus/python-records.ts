import { oneOf, type Random } from '@firstword/turn/statistics';
import type { WildCall, WildRequest, WildTurn } from './call.js';
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

/** The records of one turn: what `log_metrics` prints, and what the framework logs itself. */
function turnRecords(call: WildCall, turn: WildTurn, random: Random, context: Extra): LogRecord[] {
  const records: LogRecord[] = [];
  const metricsLogger = oneOf(['livekit.agents', 'basic-agent', 'agent', '__main__'], random);
  const add = (
    afterMs: number,
    level: LogRecord['level'],
    logger: string,
    message: string,
    extra: Extra = {},
  ) =>
    records.push({ atMs: turn.endedAtMs + afterMs, level, logger, message, extra: { ...extra, ...context } });
  add(turn.transcriptionMs, 'debug', 'livekit.agents', 'received user transcript', {
    user_transcript: turn.userText,
    language: 'en',
  });
  for (const one of turn.notes) {
    const { level, logger, message, extra, traceback } = pythonNote(call, one, random);
    const record: LogRecord = {
      atMs: turn.endedAtMs + one.afterMs,
      level,
      logger,
      message,
      extra: { ...extra, ...context },
    };
    records.push(traceback === undefined ? record : { ...record, traceback });
  }
  const last = turn.requests[turn.requests.length - 1]!;
  if (call.isRealtime) {
    add(
      turn.endOfTurnMs + last.durationMs,
      'info',
      metricsLogger,
      'RealtimeModel metrics',
      realtimeExtra(last),
    );
    return records;
  }
  add(turn.endOfTurnMs + turn.userLogicMs, 'info', metricsLogger, 'EOU metrics', {
    ...modelOf(call, 'stt'),
    end_of_utterance_delay: round2(seconds(turn.printedEndOfTurnMs ?? turn.endOfTurnMs)),
    transcription_delay: round2(
      seconds(turn.printedEndOfTurnMs ? turn.printedEndOfTurnMs - 90 : turn.transcriptionMs),
    ),
  });
  for (const request of turn.requests) {
    if (request.ttftMs >= 0 || request.isCancelled)
      add(
        request.afterMs + request.durationMs,
        'info',
        metricsLogger,
        'LLM metrics',
        llmExtra(call, request),
      );
    if (request.isToolCall)
      add(request.afterMs + request.durationMs, 'debug', 'livekit.agents', 'executing tool', {
        function: TOOLS[turn.answer.length % TOOLS.length],
        arguments: '{"id": "A-2231"}',
        speech_id: `speech_${letters(random, 12).toLowerCase()}`,
      });
  }
  if (!turn.isFailed)
    add(turn.e2eMs + 900, 'info', metricsLogger, 'TTS metrics', {
      ...modelOf(call, 'tts'),
      ttfb: seconds(turn.ttfbMs),
      audio_duration: round2(turn.answer.length * 0.062),
    });
  add(turn.e2eMs + 1200, 'info', metricsLogger, 'STT metrics', {
    ...modelOf(call, 'stt'),
    audio_duration: 5,
  });
  return records;
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

/** What a call leaves in the log of LiveKit Agents for Python. */
export function pythonRecords(call: WildCall, random: Random): LogRecord[] {
  const pid = random.integer(18, 4000);
  const context = contextOf(call, pid);
  const records = startRecords(call, pid);
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
