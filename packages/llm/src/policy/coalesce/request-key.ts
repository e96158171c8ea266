import type { ChatMessage, ChatRequest } from '../../chat.js';

/** What a transcriber may change without changing what was said: case, punctuation, white space. */
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
 * Requests that ask for the same thing have the same key; whether two with the same key do is for `isSameRequest` to
 * say. Cheap, because every request needs one and few meet another.
 */
export function requestKey(request: ChatRequest): string {
  const { last } = splitLast(request);
  const content = typeof last.content === 'string' ? last.content : JSON.stringify(last.content);
  return `${request.messages.length} ${last.role} ${content}`;
}

/** Whether one answer serves both: the same history to the letter, and the same last words but for how they are written. */
export function isSameRequest(a: ChatRequest, b: ChatRequest): boolean {
  const whole = (request: ChatRequest) => JSON.stringify({ ...request, messages: splitLast(request) });
  return whole(a) === whole(b);
}
