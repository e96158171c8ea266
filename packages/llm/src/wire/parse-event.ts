import { badStream } from './bad-stream.js';

/** Parses the JSON object of one event. Throws FirstwordError `bad_stream`. */
export function parseEvent(data: string, provider: string): object {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    // The parser's message quotes the text, so it is not kept as the cause.
    throw badStream(provider, 'an event is not JSON', { providerText: data.slice(0, 2_000) });
  }
  if (typeof value !== 'object' || value === null) throw badStream(provider, 'an event is not an object');
  return value;
}
