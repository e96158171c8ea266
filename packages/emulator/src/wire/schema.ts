import type { JsonSchema } from '../chat/chat.js';
import { type Fields, fieldsOf, invalid } from './fields.js';

/** The JSON schema of a tool's arguments; an empty one where none was given. Refuses what no provider would take. */
export function readSchema(value: unknown, name: string): JsonSchema {
  const schema = fieldsOf(value ?? {}, name);
  checkSchema(schema, name);
  return schema;
}

function checkSchema(schema: Fields, name: string): void {
  checkStrings(schema.required, `${name}.required`);
  if (typeof schema.type !== 'string') checkStrings(schema.type, `${name}.type`);
  if (schema.enum !== undefined && !Array.isArray(schema.enum)) {
    throw invalid(`'${name}.enum' must be an array.`, name);
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
  throw invalid(`'${name}' must be an array of strings.`, name);
}
