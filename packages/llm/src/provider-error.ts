import { type ErrorCode, FirstwordError } from '@firstword/turn';

/** An error of one provider's request. */
export class ProviderError extends FirstwordError {
  readonly provider: string;
  /** HTTP status, where the provider answered. */
  readonly status: number | undefined;
  /** Time that the provider asked to wait before the next request (`retry-after`), ms. */
  readonly retryAfterMs: number | undefined;
  readonly #providerText: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      provider: string;
      status?: number | undefined;
      retryAfterMs?: number | undefined;
      retryable?: boolean;
      cause?: unknown;
      providerText?: string | undefined;
    },
  ) {
    super(code, message, options);
    this.provider = options.provider;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.#providerText = options.providerText;
  }

  /**
   * The provider's own error text, for debugging. It may quote the prompt, so it is kept out of the message and out
   * of every property that a logger would print.
   */
  providerText(): string | undefined {
    return this.#providerText;
  }
}
