import { openAiWire } from '../../wire/openai/index.js';
import { bearer, type Provider } from '../provider.js';
import { reasoningDefaults } from '../reasoning.js';

/** Cerebras. Reports times in `time_info`; its rate limiter reserves all of `max_completion_tokens` up front. */
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
