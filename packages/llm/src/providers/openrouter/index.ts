import { openAiWire } from '../../wire/openai/index.js';
import { bearer, type Provider } from '../provider.js';

/** OpenRouter. Leave its `provider.order` alone if the prompt cache is to be hit: an order loses its stickiness. */
export const openrouter: Provider = {
  name: 'openrouter',
  label: 'OpenRouter',
  baseUrl: 'https://openrouter.ai/api/v1',
  wire: openAiWire,
  keyVariable: 'OPENROUTER_API_KEY',
  auth: bearer,
  defaults: (model) => (/gpt-oss/i.test(model) ? { reasoning: { effort: 'low' } } : {}),
};
