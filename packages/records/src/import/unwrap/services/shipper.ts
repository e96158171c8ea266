import { type JsonObject, objectAt, textAt } from '../../json.js';
import { timeOfText } from '../unwrapped.js';
import type { LogEntry } from './log-entry.js';

/** Fluent Bit and Fluentd put the line under `log`, and Kubernetes' metadata beside it; Splunk puts it under `_raw`. */
export function shipper(value: JsonObject): LogEntry | undefined {
  const log = textAt(value, 'log') ?? textAt(objectAt(value, 'result'), '_raw') ?? textAt(value, '_raw');
  const at =
    textAt(value, 'time') ?? textAt(value, '@timestamp') ?? textAt(value, 'date') ?? textAt(value, '_time');
  return log === undefined ? undefined : { text: log.replace(/\n$/, ''), atMs: timeOfText(at) };
}
