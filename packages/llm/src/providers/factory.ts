import { type HttpModel, type HttpModelOptions, httpModel } from './http-model.js';
import type { Provider } from './provider.js';

/** A provider as users meet it: a function from a model's name to the model. */
export type ProviderFactory = (options: HttpModelOptions) => HttpModel;

/**
 * The factory of a provider: the key comes from the options or from the environment.
 * A missing key is no error here: it is one, naming the variable, when the model is first asked.
 */
export function factoryOf(provider: Provider): ProviderFactory {
  return (options) => {
    const apiKey = options.apiKey ?? (provider.keyVariable ? process.env[provider.keyVariable] : undefined);
    return httpModel(provider, { ...options, ...(apiKey ? { apiKey } : {}) });
  };
}
