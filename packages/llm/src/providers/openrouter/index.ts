import { openAiWire } from '../../wire/openai/index.js';
import { bearer, type Provider } from '../provider.js';

/** OpenRouter. Do not set its `provider.order` if the prompt cache should be used: it turns off sticky routing. */
export const openrouter: Provider = {
  name: 'openrouter',
  label: 'OpenRouter',
  baseUrl: 'https://openrouter.ai/api/v1',
  wire: openAiWire,
  keyVariable: 'OPENROUTER_API_KEY',
  auth: bearer,
  defaults: (model) => (/gpt-oss/i.test(model) ? { reasoning: { effort: 'low' } } : {}),
};
