import type { ChatOptions, ChatRequest, ChatStream, LanguageModel } from '@firstword/llm';

/** A language model that can be exchanged while a call runs: the next request goes to the new one. */
export class LlmSwitch implements LanguageModel {
  #model: LanguageModel;

  constructor(model: LanguageModel) {
    this.#model = model;
  }

  get provider(): string {
    return this.#model.provider;
  }

  get model(): string {
    return this.#model.model;
  }

  /** What ran before is neither cancelled nor closed. */
  use(model: LanguageModel): void {
    this.#model = model;
  }

  chat(request: ChatRequest, options?: ChatOptions): ChatStream {
    return this.#model.chat(request, options);
  }

  warm(options?: { signal?: AbortSignal }): Promise<void> {
    return this.#model.warm(options);
  }

  /** The models behind it are closed by whoever opened them. */
  async close(): Promise<void> {}
}
