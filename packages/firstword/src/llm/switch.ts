import type { ChatOptions, ChatRequest, ChatStream, LanguageModel } from '@firstword/llm';

/** A language model whose target can be replaced during a call. The next request goes to the new target. */
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

  /** Sends later requests to this model. Requests in progress continue; the previous model is not closed. */
  use(model: LanguageModel): void {
    this.#model = model;
  }

  chat(request: ChatRequest, options?: ChatOptions): ChatStream {
    return this.#model.chat(request, options);
  }

  warm(options?: { signal?: AbortSignal }): Promise<void> {
    return this.#model.warm(options);
  }

  /** Does nothing: the code that opened the models closes them. */
  async close(): Promise<void> {}
}
