import { GatewayError } from './failure.js';

/** A JSON object. */
export type JsonFields = Record<string, unknown>;

/** Whether a value is a JSON object. */
export const isFields = (value: unknown): value is JsonFields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The value as an object.
 * @throws GatewayError 400 that names the field
 */
export function fieldsOf(value: unknown, name: string): JsonFields {
  if (isFields(value)) return value;
  throw new GatewayError(400, `${name} must be an object`);
}

/**
 * The value as a list; an absent one is empty.
 * @throws GatewayError 400 that names the field
 */
export function listOf(value: unknown, name: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new GatewayError(400, `${name} must be a list`);
}

/**
 * The value as text.
 * @throws GatewayError 400 that names the field
 */
export function textOf(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw new GatewayError(400, `${name} must be a text`);
}

/**
 * The value as text, or `undefined` if it is absent.
 * @throws GatewayError 400 that names the field
 */
export function optionalText(value: unknown, name: string): string | undefined {
  return value === undefined || value === null ? undefined : textOf(value, name);
}

/**
 * The value as a number, or `undefined` if it is absent.
 * @throws GatewayError 400 that names the field
 */
export function optionalNumber(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return value;
  throw new GatewayError(400, `${name} must be a number`);
}

/**
 * The value as a boolean, or `undefined` if it is absent.
 * @throws GatewayError 400 that names the field
 */
export function optionalBoolean(value: unknown, name: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  throw new GatewayError(400, `${name} must be true or false`);
}

/** The object without its undefined fields. */
export function defined<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  const result: Partial<T> = {};
  for (const name in fields) if (fields[name] !== undefined) result[name] = fields[name];
  return result as T;
}
