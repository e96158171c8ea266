/** Room for what a chat template adds around the messages. */
const TEMPLATE_TOKENS = 64;
/** A prompt of the same language may be a little denser than those seen. */
const MARGIN = 1.1;

/**
 * The most tokens that a prompt can have. Before a provider has counted one, a token for each byte; after that, by the
 * densest of those that it has counted.
 */
export class TokenBound {
  readonly #perByte = new Map<string, number>();

  /** @param kind prompts of the same tokenizer and language */
  upperBound(kind: string, bytes: number): number {
    const perByte = this.#perByte.get(kind);
    return perByte === undefined
      ? bytes
      : Math.min(bytes, Math.ceil(bytes * perByte * MARGIN) + TEMPLATE_TOKENS);
  }

  observe(kind: string, bytes: number, tokens: number): void {
    this.#perByte.set(kind, Math.max(this.#perByte.get(kind) ?? 0, tokens / Math.max(1, bytes)));
  }
}
