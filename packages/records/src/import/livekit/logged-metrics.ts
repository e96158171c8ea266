import {
  definedOnly,
  type JsonObject,
  MAX_DURATION_MS,
  MAX_WALL_MS,
  numberAt,
  objectAt,
  textAt,
} from '../json.js';
import { messageOf } from './log-fields.js';

/** The part of a turn that a line of metrics describes. */
export type MetricsKind = 'EOU' | 'LLM' | 'TTS';

/** Metrics as LiveKit's `logMetrics` (Node), `log_metrics` (Python) or the events themselves have them; ms. */
export interface LoggedMetrics {
  kind: MetricsKind;
  /** Wall time of the line, Unix ms, where it has one. */
  atMs: number | undefined;
  /** The call id within one log: job, room or process. */
  call: string | undefined;
  speechId: string | undefined;
  endOfTurnMs?: number | undefined;
  transcriptionMs?: number | undefined;
  userLogicMs?: number | undefined;
  ttftMs?: number | undefined;
  ttfbMs?: number | undefined;
  promptTokens?: number | undefined;
  cachedTokens?: number | undefined;
  completionTokens?: number | undefined;
  provider?: string | undefined;
  model?: string | undefined;
  impossibleValues: string[];
}

const KIND_OF_TYPE: Record<string, MetricsKind> = {
  eou_metrics: 'EOU',
  llm_metrics: 'LLM',
  tts_metrics: 'TTS',
  realtime_model_metrics: 'LLM',
};
const MESSAGE = /\b(EOU|LLM|TTS|RealtimeModel) metrics\b/;

/** The kinds of metrics in a line: of its type or its message; without these, of the figures that it has. */
export function kindsOf(log: JsonObject): MetricsKind[] {
  const named = MESSAGE.exec(messageOf(log))?.[1];
  const kind =
    KIND_OF_TYPE[textAt(log, 'type') ?? ''] ??
    (named === 'RealtimeModel' ? 'LLM' : (named as MetricsKind | undefined));
  if (kind) return [kind];
  const kinds: [MetricsKind, string[]][] = [
    ['EOU', ['endOfUtteranceDelayMs', 'end_of_utterance_delay']],
    ['LLM', ['ttftMs', 'ttft']],
    ['TTS', ['ttfbMs', 'ttfb']],
  ];
  return kinds.flatMap(([one, names]) =>
    names.some((name) => numberAt(log, name) !== undefined) ? [one] : [],
  );
}

/** A figure under its Node name, in ms, or under its Python name, in seconds. */
function duration(
  log: JsonObject,
  nodeName: string,
  pythonName: string,
  impossibleValues: string[],
): number | undefined {
  const inMs = numberAt(log, nodeName);
  const inSeconds = numberAt(log, pythonName);
  const ms = inMs ?? (inSeconds === undefined ? undefined : Math.round(inSeconds * 1e6) / 1e3);
  // −1 stands for "never".
  if (ms === undefined || ms === -1 || ms === -1000) return undefined;
  const isAbsurd = ms > MAX_DURATION_MS;
  if (ms < 0 || isAbsurd)
    impossibleValues.push(
      `${inMs === undefined ? pythonName : nodeName} is ${isAbsurd ? 'absurd' : 'negative'}`,
    );
  return ms < 0 || isAbsurd ? undefined : ms;
}

/** Delays of 0 are how LiveKit writes "not known". */
const positive = (ms: number | undefined) => (ms === 0 ? undefined : ms);

const first = (log: JsonObject, ...names: string[]) =>
  names.map((name) => numberAt(log, name)).find((n) => n !== undefined);

/** A longer text is no time. */
const MAX_TIME_CHARS = 64;

/** Wall time of a line of a log, Unix ms. */
export function timeOf(log: JsonObject): number | undefined {
  const number = first(log, 'time', 'timestamp', 'created');
  if (number !== undefined && number >= 0 && number <= MAX_WALL_MS)
    return number > 1e11 ? number : number * 1000;
  const text = textAt(log, 'time') ?? textAt(log, 'timestamp') ?? textAt(log, 'asctime');
  const ms = text === undefined || text.length > MAX_TIME_CHARS ? Number.NaN : Date.parse(text);
  return ms >= 0 && ms <= MAX_WALL_MS ? ms : undefined;
}

/** The field for the program that wrote a line, in a log of several: each may be process 1 of its container. */
export const LOG_SOURCE = 'firstword.log.source';

/** The call id of a line of a log: its job, room or process. */
export function callOf(log: JsonObject): string | undefined {
  const pid = numberAt(log, 'pid');
  const source = textAt(log, LOG_SOURCE);
  return (
    textAt(log, 'job_id') ??
    textAt(log, 'jobId') ??
    textAt(log, 'room') ??
    textAt(log, 'room_id') ??
    (pid === undefined ? undefined : `${source === undefined ? '' : `${source} `}process ${pid}`)
  );
}

/** The metrics of one kind in a line, whose fields are those of `fieldsOfLog`. */
export function metricsOfLog(log: JsonObject, kind: MetricsKind): LoggedMetrics {
  const impossibleValues: string[] = [];
  const metadata = objectAt(log, 'metadata');
  const named = {
    provider:
      textAt(metadata, 'modelProvider') ??
      textAt(metadata, 'model_provider') ??
      textAt(log, 'model_provider'),
    model: textAt(metadata, 'modelName') ?? textAt(metadata, 'model_name') ?? textAt(log, 'model_name'),
  };
  return {
    kind,
    atMs: timeOf(log),
    call: callOf(log),
    speechId: textAt(log, 'speechId') ?? textAt(log, 'speech_id') ?? textAt(log, 'sequence_id'),
    ...definedOnly({
      endOfTurnMs: positive(
        duration(log, 'endOfUtteranceDelayMs', 'end_of_utterance_delay', impossibleValues),
      ),
      transcriptionMs: positive(
        duration(log, 'transcriptionDelayMs', 'transcription_delay', impossibleValues),
      ),
      userLogicMs: duration(
        log,
        'onUserTurnCompletedDelayMs',
        'on_user_turn_completed_delay',
        impossibleValues,
      ),
      ttftMs: duration(log, 'ttftMs', 'ttft', impossibleValues),
      ttfbMs: duration(log, 'ttfbMs', 'ttfb', impossibleValues),
      promptTokens: first(log, 'inputTokens', 'promptTokens', 'prompt_tokens', 'input_tokens'),
      cachedTokens: first(log, 'promptCachedTokens', 'prompt_cached_tokens', 'cached_input_tokens'),
      completionTokens: first(log, 'outputTokens', 'completionTokens', 'completion_tokens', 'output_tokens'),
      ...definedOnly(named),
    }),
    impossibleValues,
  };
}
