import { RequestProblem } from '../chat/problem.js';

/** Readers of untyped JSON fields. Each refuses what a provider would refuse. */

export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object, or a 400 that names it. */
export function fieldsOf(value: unknown, name: string): Fields {
  if (!isFields(value)) throw invalid(`'${name}' must be a JSON object.`, name);
  return value;
}

export function stringOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === 'string' ? value : otherwise;
}

export function numberOr<T>(value: unknown, otherwise: T): number | T {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

/** A list, empty where there is none. */
export function listOf(value: unknown, name: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(`'${name}' must be an array.`, name);
  return value;
}

/** A list that must have something in it. */
export function filledList(value: unknown, name: string): unknown[] {
  if (value === undefined) throw invalid(`Missing required parameter: '${name}'.`, name);
  const list = listOf(value, name);
  if (list.length === 0) throw invalid(`'${name}' must not be empty.`, name);
  return list;
}

export function invalid(message: string, param?: string): RequestProblem {
  return new RequestProblem(400, 'invalid_request', message, param);
}

/** The text of content that is a string or a list of parts; images and other parts have none. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part) => (typeof part === 'string' ? part : isFields(part) ? stringOr(part.text, '') : ''))
    .filter((text) => text !== '')
    .join(' ');
}

/** A decoded path segment; as it is where its escapes are none. */
export function decodeOr(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
