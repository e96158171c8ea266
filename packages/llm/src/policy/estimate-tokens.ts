import type { ChatRequest } from '../chat.js';

/** Estimated prompt size for budgets and rate limits, at four characters a token (English). Never shown to users. */
export function estimateTokens(request: ChatRequest): number {
  let characters = 0;
  for (const { content, toolCalls } of request.messages) {
    if (typeof content === 'string') characters += content.length;
    else for (const part of content) characters += part.type === 'text' ? part.text.length : 4_000;
    for (const call of toolCalls ?? []) characters += call.arguments.length;
  }
  if (request.tools) characters += JSON.stringify(request.tools).length;
  return Math.ceil(characters / 4);
}
