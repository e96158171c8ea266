import { openAiWire } from '../../wire/openai/index.js';
import { bearer, type Provider } from '../provider.js';
import { reasoningDefaults } from '../reasoning.js';

/** vLLM on this machine or another; prefix caching is on by default. Tells queue and prefill times if so started. */
export const vllm: Provider = {
  name: 'vllm',
  label: 'vLLM',
  baseUrl: 'http://127.0.0.1:8000/v1',
  wire: openAiWire,
  keyVariable: 'VLLM_API_KEY',
  needsKey: false,
  auth: bearer,
  // Does nothing on a server without --enable-per-request-metrics.
  defaults: (model) => ({ ...reasoningDefaults(model), include_metrics: true }),
};
