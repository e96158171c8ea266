import { stripVTControlCharacters } from 'node:util';
import type { JsonObject } from '../json.js';
import { readLiteral } from '../printed/literal.js';

/** `[10:19:11.748] INFO (4711): LLM metrics`, of which indented lines follow. Bounded, because much of it may be repeated. */
const PINO_PRETTY =
  /^\[?(?:\d{4}-\d\d-\d\d[ T])?\d\d:\d\d:\d\d(?:[.,]\d+)?[^\]]{0,40}\]?\s{1,8}(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\s*(?:\((?:[^)]{0,200}\/)?(\d{1,15})[^/)]{0,200}\))?/;
/** `2026-06-05 10:19:11,748 - INFO livekit.agents - LLM metrics {"ttft": 0.5}` */
const LOG_LIKE = /\b(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|CRITICAL|DEV)\b/;
const FIELD = /^\s+"?([\w.]{1,200})"?: (\S[\s\S]*)$/;

/** A line of a pretty-printed log. */
export interface TextLog {
  /** Its fields as in a structured log; fields on the following lines are added. */
  log: JsonObject;
  text: string;
}

/** Reads a pretty-printed line. @returns `undefined` where it is not a line of a log */
export function textLog(raw: string): TextLog | undefined {
  const text = stripVTControlCharacters(raw).trim();
  const pretty = PINO_PRETTY.exec(text);
  if (!pretty && !LOG_LIKE.test(text)) return undefined;
  const time = /\d\d:\d\d:\d\d(?:[.,]\d+)?/.exec(text)?.[0]?.replace(',', '.');
  const date = /\d{4}-\d\d-\d\d/.exec(text)?.[0] ?? '1970-01-01';
  const pid = pretty?.[1] === undefined ? {} : { pid: Number(pretty[1]) };
  return {
    log: { ...(time ? { time: `${date}T${time}Z` } : {}), ...pid, msg: text },
    text,
  };
}

/** A field of the previous log line, on a line of its own. */
export function fieldOf(raw: string): [name: string, value: unknown] | undefined {
  const found = FIELD.exec(stripVTControlCharacters(raw));
  if (!found) return undefined;
  const text = found[2]!.trimEnd().replace(/,$/, '');
  const literal = /^[{["']/.test(text) ? readLiteral(text)?.value : undefined;
  if (literal !== undefined) return [found[1]!, literal];
  const number = Number(text);
  return [found[1]!, Number.isFinite(number) ? number : text];
}
