import { openAiWire } from '../../wire/openai/index.js';
import { bearer, type Provider } from '../provider.js';

/** OpenAI. No default reasoning effort: its newer models reject `reasoning_effort` together with tools on this API. */
export const openai = {
  name: 'openai',
  label: 'OpenAI',
  baseUrl: 'https://api.openai.com/v1',
  wire: openAiWire,
  keyVariable: 'OPENAI_API_KEY',
  auth: bearer,
  promptCacheKey: true,
  serviceTiers: ['auto', 'default', 'flex', 'priority'],
} as const satisfies Provider;
