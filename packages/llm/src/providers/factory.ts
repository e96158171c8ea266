import { type HttpModel, type HttpModelOptions, httpModel } from './http-model.js';
import type { Provider } from './provider.js';

/** Creates models of one provider. */
export type ProviderFactory<Tier extends string = never> = (
  options: Omit<HttpModelOptions, 'serviceTier'> & {
    /** Priority and price class of the requests; default: the provider's own. */
    serviceTier?: Tier;
  },
) => HttpModel;

/**
 * Creates the factory of a provider. The key comes from the options or from the environment. A missing key is not an
 * error here: the first request fails with an error that names the variable.
 */
export function factoryOf<const Tier extends string = never>(
  provider: Provider & { serviceTiers?: readonly Tier[] },
): ProviderFactory<Tier> {
  return (options) => {
    const apiKey = options.apiKey ?? (provider.keyVariable ? process.env[provider.keyVariable] : undefined);
    return httpModel(provider, { ...options, ...(apiKey ? { apiKey } : {}) });
  };
}
