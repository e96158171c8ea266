import { isObject, type JsonObject, tryParseJson } from '../json.js';
import { pairsOf, readLiteral } from './literal.js';

/** The words of the figures that are read. Of other text, no printed object is looked for: most lines of a log have none. */
const RELEVANT =
  /metrics|ttf[bt]|_delay|delayms|e2e_?latency|chat.?item|chat_history|rtvi|resourcespans|operationname|span_?id/i;

/** Whether a text may hold figures of turns. */
export const mayHoldFigures = (text: string): boolean => RELEVANT.test(text);

/** An object inside a text, and the text before it. */
export interface ObjectInText {
  before: string;
  value: JsonObject;
}

function parsedAt(text: string, at: number): JsonObject | undefined {
  const rest = text.slice(at).trimEnd();
  const exact = tryParseJson(rest.replace(/[,;]$/, ''))?.value;
  if (isObject(exact)) return exact;
  const last = text.lastIndexOf('}');
  const closed = last > at ? tryParseJson(text.slice(at, last + 1))?.value : undefined;
  if (isObject(closed)) return closed;
  const literal = mayHoldFigures(text) ? readLiteral(text, at)?.value : undefined;
  return isObject(literal) && Object.keys(literal).length > 0 ? literal : undefined;
}

/** JSON whose quotation marks are escaped, as it stands inside another string. */
function unescaped(text: string): JsonObject | undefined {
  const from = text.indexOf('{\\"');
  if (from < 0) return undefined;
  const inner = tryParseJson(`["${text.slice(from, text.lastIndexOf('}') + 1)}"]`)?.value;
  const value =
    Array.isArray(inner) && typeof inner[0] === 'string' ? tryParseJson(inner[0])?.value : undefined;
  return isObject(value) ? value : undefined;
}

/** The object that a text holds: JSON, also escaped, or as Python or Node print it; `undefined` where there is none. */
export function objectInText(text: string): ObjectInText | undefined {
  const at = text.search(/\{\s*["“'\w[}\\]/);
  if (at < 0) return undefined;
  const value = parsedAt(text, at) ?? unescaped(text);
  return value && { before: text.slice(0, at), value };
}

/** The fields of a text, `ttft=0.4 prompt_tokens=700`; `undefined` where it has none, or none that matter. */
export function pairsInText(text: string): JsonObject | undefined {
  if (!text.includes('=') || !mayHoldFigures(text)) return undefined;
  const pairs = pairsOf(text);
  return Object.keys(pairs).length > 0 ? pairs : undefined;
}
