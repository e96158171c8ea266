import type { ChatMessage, ChatRequest } from '../chat.js';

/** Options of `trimHistory`. */
export interface TrimOptions {
  /** Maximum prompt length, tokens. */
  maxPromptTokens: number;
  /** A longer prompt is cut to this share of the maximum, 0 to 1; default 0.6. */
  keepShare?: number;
  /** Counts the tokens of a text, exactly or approximately. */
  count: (text: string) => number;
}

/**
 * Splits the history into turns: a user message and everything up to the next one. A tool call stays with its result.
 */
function turnsOf(messages: ChatMessage[]): ChatMessage[][] {
  const turns: ChatMessage[][] = [];
  for (const message of messages) {
    if (message.role === 'user' || turns.length === 0) turns.push([message]);
    else turns.at(-1)!.push(message);
  }
  return turns;
}

/**
 * Drops the oldest turns of a prompt that is too long. Drops whole turns only, and never the instructions before the first
 * turn or the last turn.
 *
 * A prompt is cut rarely, but then to 60 % (`keepShare`). If it lost its oldest turn in every turn, its prefix would never
 * be cached; after a cut it is stable until it has grown back. What is kept depends only on the history, so the same history
 * is always cut at the same place.
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

  // Replays the session: at which turns would the prompt have been too long, and where was it cut each time?
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
