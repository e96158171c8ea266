import { type HttpModel, type HttpModelOptions, httpModel } from './http-model.js';
import type { Provider } from './provider.js';

/** A provider as users meet it: a function from a model's name to the model. */
export type ProviderFactory<Tier extends string = never> = (
  options: Omit<HttpModelOptions, 'serviceTier'> & {
    /** How urgently to serve it, and at what price; left out, the provider's own default. */
    serviceTier?: Tier;
  },
) => HttpModel;

/**
 * The factory of a provider: the key comes from the options or from the environment.
 * A missing key is no error here: it is one, naming the variable, when the model is first asked.
 */
export function factoryOf<const Tier extends string = never>(
  provider: Provider & { serviceTiers?: readonly Tier[] },
): ProviderFactory<Tier> {
  return (options) => {
    const apiKey = options.apiKey ?? (provider.keyVariable ? process.env[provider.keyVariable] : undefined);
    return httpModel(provider, { ...options, ...(apiKey ? { apiKey } : {}) });
  };
}
