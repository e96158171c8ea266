import type { ChatEvent, ChatRequest } from '@firstword/llm';

/** What one request has cost, tokens. */
export interface SpentTokenCounts {
  readonly promptTokens: number;
  /** Of the answer, as far as it was streamed. */
  readonly completionTokens: number;
  /** Providers tell the usage of a request at its end: one that was cut short is counted at four characters a token. */
  readonly estimated: boolean;
}

const CHARACTERS_PER_TOKEN = 4;

/** Characters that a provider reads as the prompt; pictures are left out. */
function promptCharacters({ messages, tools }: ChatRequest): number {
  let characters = tools ? JSON.stringify(tools).length : 0;
  for (const { content, toolCalls } of messages) {
    if (typeof content === 'string') characters += content.length;
    else for (const part of content) if (part.type === 'text') characters += part.text.length;
    for (const call of toolCalls ?? []) characters += call.name.length + call.arguments.length;
  }
  return characters;
}

/** Counts what a request costs while it runs. */
export class TokenUsage implements SpentTokenCounts {
  readonly #promptCharacters: number;
  #streamedCharacters = 0;
  #told: { promptTokens?: number; completionTokens?: number } = {};

  constructor(request: ChatRequest) {
    this.#promptCharacters = promptCharacters(request);
  }

  get promptTokens(): number {
    return this.#told.promptTokens ?? Math.ceil(this.#promptCharacters / CHARACTERS_PER_TOKEN);
  }

  get completionTokens(): number {
    return this.#told.completionTokens ?? Math.ceil(this.#streamedCharacters / CHARACTERS_PER_TOKEN);
  }

  get estimated(): boolean {
    return this.#told.promptTokens === undefined || this.#told.completionTokens === undefined;
  }

  add(event: ChatEvent): void {
    if (event.type === 'text' || event.type === 'reasoning') this.#streamedCharacters += event.text.length;
    else if (event.type === 'toolCall') this.#streamedCharacters += event.call.arguments.length;
    else if (event.type === 'usage') this.#told = { ...this.#told, ...event.usage };
  }
}
