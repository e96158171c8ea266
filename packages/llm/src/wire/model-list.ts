import { isJsonObject } from './schema.js';

/** The names in a provider's list of models; entries without one are left out. */
export function modelIds(json: unknown, fields: { list: string; name: string }): string[] {
  const list = isJsonObject(json) ? json[fields.list] : undefined;
  if (!Array.isArray(list)) return [];
  const names = list.map((entry) => (isJsonObject(entry) ? entry[fields.name] : undefined));
  return names.filter((name) => typeof name === 'string' && name !== '') as string[];
}
