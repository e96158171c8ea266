import { stripVTControlCharacters } from 'node:util';
import {
  definedOnly,
  isObject,
  type JsonObject,
  MAX_DURATION_MS,
  MAX_WALL_MS,
  numberAt,
  objectAt,
  textAt,
  tryParseJson,
} from '@firstword/records/import';
import type { RunEvent } from '../evidence.js';

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

const messageOf = (log: JsonObject): string =>
  textAt(log, 'msg') ?? textAt(log, 'message') ?? textAt(log, 'event') ?? '';

function kindOf(log: JsonObject): MetricsKind | undefined {
  const type = KIND_OF_TYPE[textAt(log, 'type') ?? ''];
  const named = MESSAGE.exec(messageOf(log))?.[1];
  return type ?? (named === 'RealtimeModel' ? 'LLM' : (named as MetricsKind | undefined));
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

/** The call id of a line of a log: its job, room or process. */
export function callOf(log: JsonObject): string | undefined {
  const pid = numberAt(log, 'pid');
  return (
    textAt(log, 'job_id') ??
    textAt(log, 'jobId') ??
    textAt(log, 'room') ??
    textAt(log, 'room_id') ??
    (pid === undefined ? undefined : `process ${pid}`)
  );
}

/** The metrics of a structured line of a log. @returns `undefined` where it has none */
export function metricsOfLog(value: unknown): LoggedMetrics | undefined {
  const log =
    objectAt(value, 'metrics') && textAt(objectAt(value, 'metrics'), 'type')
      ? objectAt(value, 'metrics')
      : value;
  if (!isObject(log)) return undefined;
  const kind = kindOf(log);
  if (!kind) return undefined;
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
    atMs: timeOf(value as JsonObject) ?? timeOf(log),
    call: callOf(value as JsonObject),
    speechId: textAt(log, 'speechId') ?? textAt(log, 'speech_id'),
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

/** asyncio's warning; between its parts stands the task, with everything that it waits for. */
const isBlocked = (text: string): boolean => {
  const from = text.indexOf('Executing <');
  return from >= 0 && /> took [\d.]+ seconds/.test(text.slice(from));
};

/**
 * Events by their words, as LiveKit for Python and Node, and the providers, write them. The first that fits is taken. Each
 * test takes time linear in the length of the line: no `.*` between two of its words.
 */
const EVENTS: readonly [RunEvent['kind'], (text: string) => boolean][] = [
  ['slow inference', (text) => /inference is slower than real-?time/i.test(text)],
  [
    'process not scheduled',
    (text) =>
      /process not scheduled|\b(process|job|job executor) is unresponsive/i.test(text) ||
      (/event_loop_blocked/.test(text) && /"host"/.test(text)),
  ],
  [
    'event loop blocked',
    (text) =>
      /event[ _]loop (is |was )?(blocked|unresponsive|stalled|lag)|event_loop_blocked|blocking the event loop/i.test(
        text,
      ) || isBlocked(text),
  ],
  ['high load', (text) => /at (full )?capacity|marking .{0,80}unavailable|high (cpu )?load/i.test(text)],
  [
    'model refused',
    (text) =>
      /model_not_found|model_decommissioned|model\b.{0,80}(does not exist|decommissioned|not found|no longer supported)/i.test(
        text,
      ),
  ],
  [
    'quota used up',
    (text) =>
      /insufficient_quota|quota[_ ]exceeded|exceeded your current quota|quota is (used up|exhausted)|out of credits|credit balance is too low|billing_hard_limit/i.test(
        text,
      ),
  ],
  [
    'rate limited',
    (text) => /\b(status|code|error)\D{0,12}429\b|rate[ _]limit|too many requests/i.test(text),
  ],
  ['speculation discarded', (text) => /preemptive generation invalidated/i.test(text)],
  [
    'detector failed',
    (text) =>
      /turn detector (connection )?failed|eot prediction timed out|turn detection transport latency is too high/i.test(
        text,
      ),
  ],
  [
    'late transcript',
    (text) =>
      /transcript arrives after turn has been committed|transcript arrived after a turn flush|turn was already flushed/i.test(
        text,
      ),
  ],
  [
    'tts retried',
    (text) =>
      /failed to (synthesize speech|generate TTS completion)|TTS\b.{0,80}switching to next TTS/i.test(text),
  ],
  ['stt retried', (text) => /failed to recognize speech|switching to next STT/i.test(text)],
  ['llm retried', (text) => /failed to generate LLM completion|switching to next LLM/i.test(text)],
  [
    'session closed',
    (text) => /closing (due to|because of) (an )?unrecoverable|closing agent session due to/i.test(text),
  ],
  [
    'reconnected',
    (text) =>
      /websocket (was )?closed unexpectedly|connection closed unexpectedly|\breconnect(ing|ed)?\b|resuming connection/i.test(
        text,
      ),
  ],
];
/** Longer lines are examined so far. */
const MAX_EVENT_CHARS = 64 * 1024;
const MODEL_NAMED = /model [`'"]?([\w./:-]{3,60})[`'"]?/i;

/** `retrying in 2s`, `in 2.0s`, `in 2000ms`. */
const RETRY = /retrying in ([\d.]{1,12}) ?(ms|s)/i;
const SECONDS = /took ([\d.]{1,12}) seconds/;

/** How long the event lasted, or the pause before a retry, ms. */
function durationOf(text: string, log: JsonObject): number | undefined {
  const node = first(log, 'extraInferenceTimeMs', 'delayMs');
  if (node !== undefined) return node;
  const retry = RETRY.exec(text);
  if (retry) return Number(retry[1]) * (retry[2] === 's' ? 1000 : 1);
  // Node's event loop monitor writes ms as `duration`, with a `threshold` in ms beside it; Python writes seconds.
  const blocked = numberAt(log, 'duration');
  if (blocked !== undefined) return (numberAt(log, 'threshold') ?? 0) >= 5 ? blocked : blocked * 1000;
  const seconds = numberAt(log, 'delay') ?? Number(SECONDS.exec(text)?.[1] ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

/** The warning in a line of a log. @returns `undefined` where it does not concern the latency of a turn */
export function eventOfLog(line: string, value: unknown, place: string): RunEvent | undefined {
  const text = line.slice(0, MAX_EVENT_CHARS);
  const found = EVENTS.find(([, isIn]) => isIn(text));
  if (!found) return undefined;
  const [kind] = found;
  const log = isObject(value) ? value : {};
  const subject = kind === 'model refused' ? MODEL_NAMED.exec(text)?.[1] : partOf(log);
  return {
    kind,
    place,
    ...definedOnly({ atMs: timeOf(log), call: callOf(log), ms: durationOf(text, log), subject }),
  };
}

/** The component that a retry names: `livekit.plugins.elevenlabs.tts.TTS`, `elevenlabs.TTS`. */
const partOf = (log: JsonObject): string | undefined =>
  textAt(log, 'tts') ?? textAt(log, 'stt') ?? textAt(log, 'llm');

/** `[10:19:11.748] INFO (4711): LLM metrics`, of which indented lines follow. Bounded, because much of it may be repeated. */
const PINO_PRETTY =
  /^\[?(?:\d{4}-\d\d-\d\d[ T])?\d\d:\d\d:\d\d(?:[.,]\d+)?[^\]]{0,40}\]?\s{1,8}(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\s*(?:\((?:[^)]{0,200}\/)?(\d{1,15})[^/)]{0,200}\))?/;
/** `2026-06-05 10:19:11,748 - INFO livekit.agents - LLM metrics {"ttft": 0.5}` */
const LOG_LIKE = /\b(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|CRITICAL|DEV)\b/;
const FIELD = /^\s+"?([\w.]+)"?: (.+?),?$/;

/** A line of a pretty-printed log. */
export interface TextLog {
  /** Its fields as in a structured log; fields on the following lines are added. */
  log: JsonObject;
  text: string;
}

/** Reads a pretty-printed line. @returns `undefined` where it is not a line of a log */
export function textLog(raw: string): TextLog | undefined {
  const text = stripVTControlCharacters(raw).trim();
  const brace = text.indexOf('{');
  const embedded = brace > 0 ? tryParseJson(text.slice(brace)) : undefined;
  const fields = isObject(embedded?.value) ? embedded.value : {};
  const pretty = PINO_PRETTY.exec(text);
  if (!pretty && !LOG_LIKE.test(text)) return undefined;
  const time = /\d\d:\d\d:\d\d(?:[.,]\d+)?/.exec(text)?.[0]?.replace(',', '.');
  const date = /\d{4}-\d\d-\d\d/.exec(text)?.[0] ?? '1970-01-01';
  const message = brace > 0 ? text.slice(0, brace) : text;
  const pid = pretty?.[1] === undefined ? {} : { pid: Number(pretty[1]) };
  return {
    log: { ...(time ? { time: `${date}T${time}Z` } : {}), ...pid, ...fields, msg: message.trim() },
    text,
  };
}

/** A field of the previous log line, on a line of its own. */
export function fieldOf(raw: string): [name: string, value: unknown] | undefined {
  const found = FIELD.exec(stripVTControlCharacters(raw));
  if (!found) return undefined;
  const number = Number(found[2]);
  return [found[1]!, Number.isFinite(number) ? number : found[2]!.replace(/^"|"$/g, '')];
}
