import { badStream } from './bad-stream.js';
import { isJsonObject, parseJson } from './schema.js';

/** Parses the JSON object of one event. Throws FirstwordError `bad_stream`. */
export function parseEvent(data: string, provider: string): Record<string, unknown> {
  const value = parseJson(data);
  // Without the parser's error: its message quotes the text.
  if (value === undefined)
    throw badStream(provider, 'an event is not JSON', { providerText: data.slice(0, 2_000) });
  if (!isJsonObject(value)) throw badStream(provider, 'an event is not an object');
  return value;
}
