import { openAiWire } from '../../wire/openai/index.js';
import { bearer, type Provider } from '../provider.js';
import { reasoningDefaults } from '../reasoning.js';

/** Cerebras: times in `time_info`; its limiter reserves `max_completion_tokens` in full. */
export const cerebras = {
  name: 'cerebras',
  label: 'Cerebras',
  baseUrl: 'https://api.cerebras.ai/v1',
  wire: openAiWire,
  keyVariable: 'CEREBRAS_API_KEY',
  auth: bearer,
  promptCacheKey: true,
  bodyEncodings: ['gzip', 'msgpack'],
  defaults: reasoningDefaults,
  serviceTiers: ['auto', 'default', 'flex', 'priority'],
} as const satisfies Provider;
