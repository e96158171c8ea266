import { isObject, numberAt, textAt, tryParseJson } from '../json.js';
import type { Unwrapped } from './unwrapped.js';

/** journald writes a message with control characters, such as colours, as an array of its bytes. */
function messageOf(message: unknown): string | undefined {
  if (typeof message === 'string') return message;
  if (!Array.isArray(message) || !message.every((byte) => Number.isInteger(byte))) return undefined;
  return Buffer.from(message as number[]).toString('utf8');
}

/** `journalctl -o json`. */
export function journaldJson(line: string): Unwrapped | undefined {
  if (!line.startsWith('{') || !line.includes('"__REALTIME_TIMESTAMP"')) return undefined;
  const entry = tryParseJson(line)?.value;
  const text = isObject(entry) ? messageOf(entry.MESSAGE) : undefined;
  if (text === undefined) return undefined;
  const micros = numberAt(entry, '__REALTIME_TIMESTAMP');
  const unit = textAt(entry, '_SYSTEMD_UNIT') ?? textAt(entry, 'SYSLOG_IDENTIFIER') ?? 'unit';
  const process = textAt(entry, '_PID') ?? textAt(entry, 'SYSLOG_PID');
  return {
    text,
    atMs: micros === undefined ? undefined : micros / 1000,
    source: process === undefined ? unit : `${unit}[${process}]`,
  };
}
