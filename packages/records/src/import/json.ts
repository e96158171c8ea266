/** Access to JSON of unknown shape. */

/** A JSON object whose members are unknown. */
export type JsonObject = Record<string, unknown>;

/** Whether a value is a JSON object: not an array, not null. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object at a key; `undefined` where there is none. */
export const objectAt = (value: unknown, key: string): JsonObject | undefined =>
  isObject(value) && isObject(value[key]) ? value[key] : undefined;

/** The array at a key; an empty one where there is none. */
export const arrayAt = (value: unknown, key: string): unknown[] =>
  isObject(value) && Array.isArray(value[key]) ? value[key] : [];

/** The text at a key; `undefined` where there is none or it is empty. */
export const textAt = (value: unknown, key: string): string | undefined =>
  isObject(value) && typeof value[key] === 'string' && value[key] !== '' ? value[key] : undefined;

/** A finite number at a key, also one written as text (protobuf's JSON writes 64-bit integers as text). */
export function numberAt(value: unknown, key: string): number | undefined {
  if (!isObject(value)) return undefined;
  const found = value[key];
  const number = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** The latest wall time that is accepted: the year 2500, Unix ms. */
export const MAX_WALL_MS = Date.UTC(2500, 0, 1);

/** A wall time in ms: RFC 3339, or Unix seconds. */
export function wallMsAt(value: unknown, key: string): number | undefined {
  const number = numberAt(value, key);
  const text = textAt(value, key) ?? '';
  const ms = number === undefined ? Date.parse(text) : number * 1000;
  return ms >= 0 && ms <= MAX_WALL_MS ? ms : undefined;
}

/** The longest duration that is accepted as part of a turn: ten days, ms. */
export const MAX_DURATION_MS = 864e6;
/** Maximum nesting depth at which items of exports are looked for. */
export const MAX_DEPTH = 8;

/** A duration in seconds, as ms; a negative or absurdly long one counts as missing. */
export function secondsInMsAt(value: unknown, key: string): number | undefined {
  const seconds = numberAt(value, key);
  return seconds === undefined || seconds < 0 || seconds * 1000 > MAX_DURATION_MS
    ? undefined
    : Math.round(seconds * 1e6) / 1e3;
}

/** The same object without members that are `undefined`. */
export function definedOnly<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

const FORUM_SIGNS = /[\u201C\u201D\u201E\u2033\u00A0\u202F\uFEFF]/;

/**
 * Repairs JSON that a forum changed: curly quotes, no-break spaces, a byte order mark. Tried only where the
 * text is not JSON as it is; a curly quote inside a string may then end it too early, and the text stays invalid.
 */
function straightened(text: string): string {
  return text.replace(/[\u201C\u201D\u201E\u2033]/g, '"').replace(/[\u00A0\u202F\uFEFF]/g, ' ');
}

/** Whether an object or array is closed. An error of `JSON.parse` takes longer than this, and most lines of a log are no JSON. */
function isClosed(text: string): boolean {
  const first = text.trimStart().charAt(0);
  const last = text.trimEnd().at(-1);
  return (first !== '{' || last === '}') && (first !== '[' || last === ']');
}

/** Parses JSON, also with curly quotes and no-break spaces. @returns `undefined` where it cannot be parsed */
export function tryParseJson(text: string): { value: unknown } | undefined {
  if (!isClosed(text)) return undefined;
  const forms = FORUM_SIGNS.test(text) ? [text, straightened(text)] : [text];
  for (const form of forms) {
    try {
      return { value: JSON.parse(form) };
    } catch {
      // Try the next form.
    }
  }
  return undefined;
}
