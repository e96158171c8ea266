import type { JsonSchema } from '../chat/chat.js';
import { type Fields, fieldsOf, invalidRequest } from './fields.js';

/** Reads the JSON schema of a tool's arguments; empty if missing. @throws RequestError 400 for an invalid schema */
export function readSchema(value: unknown, name: string): JsonSchema {
  const schema = fieldsOf(value ?? {}, name);
  checkSchema(schema, name);
  return schema;
}

function checkSchema(schema: Fields, name: string): void {
  checkStrings(schema.required, `${name}.required`);
  if (typeof schema.type !== 'string') checkStrings(schema.type, `${name}.type`);
  if (schema.enum !== undefined && !Array.isArray(schema.enum)) {
    throw invalidRequest(`'${name}.enum' must be an array.`, name);
  }
  if (schema.properties === undefined) return;
  for (const [key, property] of Object.entries(fieldsOf(schema.properties, `${name}.properties`))) {
    const path = `${name}.properties.${key}`;
    checkSchema(fieldsOf(property, path), path);
  }
}

function checkStrings(value: unknown, name: string): void {
  if (value === undefined) return;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return;
  throw invalidRequest(`'${name}' must be an array of strings.`, name);
}
