import type { ChatEvent, ChatRequest } from '@firstword/llm';

/** Tokens spent on one request so far. */
export interface SpentTokenCounts {
  readonly promptTokens: number;
  /** Tokens of the answer streamed so far. */
  readonly completionTokens: number;
  /** Providers report usage at the end of a request; one that was cut short is estimated at four characters a token. */
  readonly estimated: boolean;
}

const CHARACTERS_PER_TOKEN = 4;

/** Characters of the prompt, without images. */
function promptCharacters({ messages, tools }: ChatRequest): number {
  let characters = tools ? JSON.stringify(tools).length : 0;
  for (const { content, toolCalls } of messages) {
    if (typeof content === 'string') characters += content.length;
    else for (const part of content) if (part.type === 'text') characters += part.text.length;
    for (const call of toolCalls ?? []) characters += call.name.length + call.arguments.length;
  }
  return characters;
}

/** Counts a request's tokens while it runs. */
export class TokenUsage implements SpentTokenCounts {
  readonly #promptCharacters: number;
  #streamedCharacters = 0;
  #reported: { promptTokens?: number; completionTokens?: number } = {};

  constructor(request: ChatRequest) {
    this.#promptCharacters = promptCharacters(request);
  }

  get promptTokens(): number {
    return this.#reported.promptTokens ?? Math.ceil(this.#promptCharacters / CHARACTERS_PER_TOKEN);
  }

  get completionTokens(): number {
    return this.#reported.completionTokens ?? Math.ceil(this.#streamedCharacters / CHARACTERS_PER_TOKEN);
  }

  get estimated(): boolean {
    return this.#reported.promptTokens === undefined || this.#reported.completionTokens === undefined;
  }

  add(event: ChatEvent): void {
    if (event.type === 'text' || event.type === 'reasoning') this.#streamedCharacters += event.text.length;
    else if (event.type === 'toolCall') this.#streamedCharacters += event.call.arguments.length;
    else if (event.type === 'usage') this.#reported = { ...this.#reported, ...event.usage };
  }
}
