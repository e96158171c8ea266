import { openAiWire } from '../../wire/openai/index.js';
import { bearer, type Provider } from '../provider.js';
import { reasoningDefaults } from '../reasoning.js';

/**
 * Groq. Reports queue and prefill times in `usage`, and rate limits in headers (requests per day, tokens per minute).
 */
export const groq = {
  name: 'groq',
  label: 'Groq',
  baseUrl: 'https://api.groq.com/openai/v1',
  wire: openAiWire,
  keyVariable: 'GROQ_API_KEY',
  auth: bearer,
  defaults: reasoningDefaults,
  serviceTiers: ['auto', 'on_demand', 'flex', 'performance'],
} as const satisfies Provider;
