import { RequestError } from '../chat/request-error.js';

/** An untyped JSON object. The readers below reject what a provider would reject. */
export type Fields = Record<string, unknown>;

/** Whether a value is a JSON object (not an array, not null). */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a JSON object. @throws RequestError 400 that gives `name` if it is not one */
export function fieldsOf(value: unknown, name: string): Fields {
  if (!isFields(value)) throw invalidRequest(`'${name}' must be a JSON object.`, name);
  return value;
}

/** The value if it is a string, otherwise `otherwise`. */
export function stringOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === 'string' ? value : otherwise;
}

/** The value if it is a finite number, otherwise `otherwise`. */
export function numberOr<T>(value: unknown, otherwise: T): number | T {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

/** The value as an array; empty if it is missing or null. @throws RequestError 400 if it is something else */
export function listOf(value: unknown, name: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalidRequest(`'${name}' must be an array.`, name);
  return value;
}

/** The value as an array. @throws RequestError 400 if it is missing or empty */
export function nonEmptyList(value: unknown, name: string): unknown[] {
  if (value === undefined) throw invalidRequest(`Missing required parameter: '${name}'.`, name);
  const list = listOf(value, name);
  if (list.length === 0) throw invalidRequest(`'${name}' must not be empty.`, name);
  return list;
}

/** A 400 error; `param` is the invalid field. */
export function invalidRequest(message: string, param?: string): RequestError {
  return new RequestError(400, 'invalid_request', message, param);
}

/** The text of a message content: a string, or the joined text parts of an array. Images and other parts are ignored. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part) => (typeof part === 'string' ? part : isFields(part) ? stringOr(part.text, '') : ''))
    .filter((text) => text !== '')
    .join(' ');
}

/** A URL-decoded path segment, or the segment itself if its escapes are invalid. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
