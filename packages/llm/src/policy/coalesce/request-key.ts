import type { ChatMessage, ChatRequest } from '../../chat.js';

/** Removes what a transcriber may change without changing the words: case, punctuation, white space. */
function normalise(text: string): string {
  return text
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

function splitLast({ messages }: ChatRequest): { earlier: ChatMessage[]; last: ChatMessage } {
  const last = messages.at(-1)!;
  const spoken = last.role === 'user' && typeof last.content === 'string';
  return {
    earlier: messages.slice(0, -1),
    last: spoken ? { ...last, content: normalise(last.content as string) } : last,
  };
}

/**
 * A cheap lookup key: identical requests have the same key. Requests with the same key may still differ;
 * `isSameRequest` decides. Every request computes a key, but few match another, so the full comparison is rare.
 */
export function requestKey(request: ChatRequest): string {
  const { last } = splitLast(request);
  const content = typeof last.content === 'string' ? last.content : JSON.stringify(last.content);
  return `${request.messages.length} ${last.role} ${content}`;
}

/**
 * Whether one answer serves both requests: the same history, character for character, and the same last user message
 * apart from case, punctuation and white space.
 */
export function isSameRequest(a: ChatRequest, b: ChatRequest): boolean {
  const whole = (request: ChatRequest) => JSON.stringify({ ...request, messages: splitLast(request) });
  return whole(a) === whole(b);
}
