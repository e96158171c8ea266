import { anthropicWire } from '../../wire/anthropic/index.js';
import type { Provider } from '../provider.js';

/** Anthropic, with its own wire format. Tools, system text and conversation are marked for its prompt cache. */
export const anthropic = {
  name: 'anthropic',
  label: 'Anthropic',
  baseUrl: 'https://api.anthropic.com/v1',
  wire: anthropicWire,
  keyVariable: 'ANTHROPIC_API_KEY',
  auth: (apiKey) => ({ 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' }),
  serviceTiers: ['auto', 'standard_only'],
} as const satisfies Provider;
