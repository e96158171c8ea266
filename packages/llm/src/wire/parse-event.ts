import { badStream } from './bad-stream.js';
import { isJsonObject } from './schema.js';

/** Parses the JSON object of one event. Throws FirstwordError `bad_stream`. */
export function parseEvent(data: string, provider: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    // The parser's message quotes the text, so it is not kept as the cause.
    throw badStream(provider, 'an event is not JSON', { providerText: data.slice(0, 2_000) });
  }
  if (!isJsonObject(value)) throw badStream(provider, 'an event is not an object');
  return value;
}
