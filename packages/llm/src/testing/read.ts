import type { ChatEvent, ChatRequest } from '../chat.js';
import type { ChatStream } from '../model.js';

export const HELLO: ChatRequest = { messages: [{ role: 'user', content: 'Hello' }] };

export async function readAll(stream: ChatStream): Promise<ChatEvent[]> {
  const events: ChatEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

/** The error that ends the stream, and the events before it. */
export async function readError(stream: ChatStream): Promise<{ error: unknown; events: ChatEvent[] }> {
  const events: ChatEvent[] = [];
  try {
    for await (const event of stream) events.push(event);
  } catch (error) {
    return { error, events };
  }
  throw new Error('the stream ended without an error');
}

export const textOf = (events: ChatEvent[]) =>
  events.map((event) => (event.type === 'text' ? event.text : '')).join('');
