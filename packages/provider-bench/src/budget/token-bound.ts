/** Room for what a chat template adds around the messages. */
const TEMPLATE_TOKENS = 64;
/** Safety factor: a prompt of the same language may have slightly more tokens per byte than those observed. */
const MARGIN = 1.1;

/**
 * An upper bound of a prompt's token count: one token per byte until the provider has reported a count, then the highest
 * observed tokens-per-byte ratio with a margin.
 */
export class TokenBound {
  readonly #perByte = new Map<string, number>();

  /**
   * The bound for a prompt of this many UTF-8 bytes.
   * @param kind key of prompts with the same tokenizer and language
   */
  upperBound(kind: string, bytes: number): number {
    const perByte = this.#perByte.get(kind);
    return perByte === undefined
      ? bytes
      : Math.min(bytes, Math.ceil(bytes * perByte * MARGIN) + TEMPLATE_TOKENS);
  }

  /** Records the token count that a provider reported for a prompt. */
  observe(kind: string, bytes: number, tokens: number): void {
    this.#perByte.set(kind, Math.max(this.#perByte.get(kind) ?? 0, tokens / Math.max(1, bytes)));
  }
}
