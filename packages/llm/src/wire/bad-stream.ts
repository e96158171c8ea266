import { ProviderError } from '../provider-error.js';

/** The error for an answer that cannot be read. A retry, or another model, may help. */
export function badStream(
  provider: string,
  what: string,
  options: { cause?: unknown; providerText?: string } = {},
): ProviderError {
  return new ProviderError(
    'bad_stream',
    `The answer from ${provider} could not be read: ${what}. Try again, or add a backup model.`,
    { provider, retryable: true, ...options },
  );
}
