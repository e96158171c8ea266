import { openAiWire } from '../../wire/openai/index.js';
import { bearer, type Provider } from '../provider.js';
import { reasoningDefaults } from '../reasoning.js';

/**
 * vLLM. Prefix caching is on by default. Reports queue and prefill times if the server was started with that option.
 */
export const vllm: Provider = {
  name: 'vllm',
  label: 'vLLM',
  baseUrl: 'http://127.0.0.1:8000/v1',
  wire: openAiWire,
  keyVariable: 'VLLM_API_KEY',
  needsKey: false,
  auth: bearer,
  // No effect on a server without --enable-per-request-metrics.
  defaults: (model) => ({ ...reasoningDefaults(model), include_metrics: true }),
};
