import { type JsonObject, numberAt, textAt } from '../../json.js';
import { timeOfText } from '../unwrapped.js';
import type { LogEntry } from './log-entry.js';

/** CloudWatch Logs: an event of `filter-log-events` or `get-log-events`. */
export function cloudWatch(value: JsonObject): LogEntry | undefined {
  const text = textAt(value, 'message') ?? textAt(value, '@message');
  const atMs = numberAt(value, 'timestamp');
  if (text === undefined || (value.ingestionTime === undefined && value['@message'] === undefined))
    return undefined;
  return { text, atMs: atMs ?? timeOfInsights(textAt(value, '@timestamp')) };
}

const timeOfInsights = (text: string | undefined): number | undefined =>
  timeOfText(text === undefined ? undefined : `${text.replace(' ', 'T')}Z`);

/** CloudWatch Logs Insights: a result is a list of fields and values. */
export function cloudWatchInsights(value: unknown): LogEntry | undefined {
  if (!Array.isArray(value) || !value.every((one) => textAt(one, 'field') !== undefined)) return undefined;
  const fields = Object.fromEntries(value.map((one) => [textAt(one, 'field')!, textAt(one, 'value')]));
  return fields['@message'] === undefined ? undefined : cloudWatch(fields);
}
