import { isObject, type JsonObject, textAt } from '../json.js';
import { objectInText, pairsInText } from '../printed/object-in-text.js';

/** The figures of LiveKit's metrics, as Node and Python name them. */
const FIGURES = [
  'endOfUtteranceDelayMs',
  'end_of_utterance_delay',
  'transcriptionDelayMs',
  'transcription_delay',
  'ttftMs',
  'ttft',
  'ttfbMs',
  'ttfb',
];
/** structlog and loguru nest a line's fields two levels deep. */
const MAX_NESTING = 3;
/** An object with more members is no line of a log. */
const MAX_MEMBERS = 200;

/** Whether an object has figures of LiveKit's metrics itself. */
export const hasFigures = (log: JsonObject): boolean => FIGURES.some((name) => name in log);

/** The object with the figures, with the fields of everything around it; inner fields come first. */
function nested(log: JsonObject, depth: number): JsonObject | undefined {
  if (hasFigures(log)) return log;
  if (depth === MAX_NESTING) return undefined;
  const entries = Object.entries(log);
  if (entries.length > MAX_MEMBERS) return undefined;
  for (const [, value] of entries) {
    const found = isObject(value) ? nested(value, depth + 1) : undefined;
    if (found) return { ...log, ...found };
  }
  return undefined;
}

/** The message of a line, under the names that loggers give it. */
export const messageOf = (log: JsonObject): string =>
  textAt(log, 'msg') ?? textAt(log, 'message') ?? textAt(log, 'event') ?? '';

/**
 * The fields of a line of a log in one object: also those that its logger put one or two levels deeper (`extra`, `metrics`,
 * loguru's `record.extra`), and those that are part of the message (`ttft=0.4`, a printed object).
 */
export function fieldsOfLog(log: JsonObject): JsonObject {
  const found = nested(log, 0);
  if (found) return found;
  const message = messageOf(log);
  const inText = objectInText(message)?.value ?? pairsInText(message);
  const inMessage = inText && nested(inText, 1);
  return inMessage ? { ...log, ...inMessage } : log;
}
