import { type ErrorCode, FirstwordError } from '@firstword/turn';

/** A failure of one provider's request. */
export class ProviderError extends FirstwordError {
  readonly provider: string;
  /** HTTP status, where the provider answered. */
  readonly status: number | undefined;
  /** How long the provider asked to be left alone, ms. */
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
   * The provider's own words, for a developer's eyes. They may quote the prompt, so they are in no message and no
   * property that a logger would print.
   */
  providerText(): string | undefined {
    return this.#providerText;
  }
}
