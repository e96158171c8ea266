import { type ErrorCode, FirstwordError, redact, withoutSecrets } from '@firstword/turn';

/** The machine-readable fields of a provider's error. */
export interface ProviderErrorLabels {
  code?: string | undefined;
  type?: string | undefined;
  param?: string | undefined;
}

/** An error of one provider's request. What looks like a key in its message is replaced: a provider may have echoed it. */
export class ProviderError extends FirstwordError {
  readonly provider: string;
  /** HTTP status, where the provider answered. */
  readonly status: number | undefined;
  /** Time that the provider asked to wait before the next request (`retry-after`), ms. */
  readonly retryAfterMs: number | undefined;
  #providerText: string | undefined;
  #labels: ProviderErrorLabels;

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
      labels?: ProviderErrorLabels | undefined;
    },
  ) {
    super(code, redact(message), options);
    this.provider = options.provider;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    const { code: ownCode, type, param } = options.labels ?? {};
    const clean = (text: string | undefined) => text && redact(text);
    this.#labels = { code: clean(ownCode), type: clean(type), param: clean(param) };
    this.#providerText = options.providerText;
  }

  /** Replaces these values, the keys that a request was sent with, wherever the error has text. */
  static hideSecrets(error: FirstwordError, secrets: readonly string[]): void {
    error.message = withoutSecrets(error.message, secrets);
    if (error.stack !== undefined) error.stack = withoutSecrets(error.stack, secrets);
    if (!(error instanceof ProviderError)) return;
    const clean = (text: string | undefined) => text && withoutSecrets(text, secrets);
    const { code, type, param } = error.#labels;
    error.#labels = { code: clean(code), type: clean(type), param: clean(param) };
    error.#providerText = clean(error.#providerText);
  }

  /** `code`, `type` and `param` of the provider's error, where they are labels and not free text. */
  labels(): ProviderErrorLabels {
    return this.#labels;
  }

  /**
   * The provider's own error text, for debugging. It may quote the prompt, so it is kept out of the message and out
   * of every property that a logger would print.
   */
  providerText(): string | undefined {
    return this.#providerText;
  }
}
