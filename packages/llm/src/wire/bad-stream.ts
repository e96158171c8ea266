import { ProviderError } from '../provider-error.js';

/** The answer could not be read. Trying again, or elsewhere, may help. */
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
