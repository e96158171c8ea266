import type { ChatMessage, ChatRequest } from '../../model.js';

/** What a transcriber may change without changing what was said: case, punctuation, white space. */
function normalise(text: string): string {
  return text
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

function keyed(message: ChatMessage): ChatMessage {
  return message.role === 'user' && typeof message.content === 'string'
    ? { ...message, content: normalise(message.content) }
    : message;
}

/** Two requests with the same key ask for the same thing: one answer serves both. */
export function requestKey(request: ChatRequest): string {
  return JSON.stringify({ ...request, messages: request.messages.map(keyed) });
}
