import type { ChatMessage, ChatRequest } from '../chat.js';

export interface TrimOptions {
  /** The prompt may be this long, tokens. */
  maxPromptTokens: number;
  /** When it is longer, it is cut to this share of the maximum, 0 to 1; default 0.6. */
  keepShare?: number;
  /** Tokens of a piece of text, exact or estimated. */
  count: (text: string) => number;
}

/** A turn: what the caller said, and everything up to the next time. Tools and their answers are never parted. */
function turnsOf(messages: ChatMessage[]): ChatMessage[][] {
  const turns: ChatMessage[][] = [];
  for (const message of messages) {
    if (message.role === 'user' || turns.length === 0) turns.push([message]);
    else turns.at(-1)!.push(message);
  }
  return turns;
}

/**
 * Drops the oldest turns of a prompt that is too long, whole ones, never the instructions before the first turn nor
 * the last turn.
 *
 * It cuts deep and seldom: a history that loses its oldest turn every turn never finds its prefix in the cache, one
 * that is cut to 60 % is stable until it has grown back. What is kept depends on the history alone, so the same
 * history is always cut at the same place.
 */
export function trimHistory(request: ChatRequest, options: TrimOptions): ChatRequest {
  const { maxPromptTokens, keepShare = 0.6, count } = options;
  const cost = (value: unknown) => count(JSON.stringify(value));
  const firstTurn = request.messages.findIndex(({ role }) => role !== 'system');
  if (firstTurn < 0) return request;
  const head = request.messages.slice(0, firstTurn);
  const turns = turnsOf(request.messages.slice(firstTurn));
  const fixedTokens = cost(head) + (request.tools ? cost(request.tools) : 0);
  const costs = turns.map(cost);

  // Replays the session: at which turns would it have overflowed, and where was it cut each time?
  let from = 0;
  let tokens = fixedTokens;
  for (let turn = 0; turn < turns.length; turn += 1) {
    tokens += costs[turn]!;
    if (tokens <= maxPromptTokens) continue;
    while (from < turn && tokens > maxPromptTokens * keepShare) {
      tokens -= costs[from]!;
      from += 1;
    }
  }
  return from === 0 ? request : { ...request, messages: [...head, ...turns.slice(from).flat()] };
}
