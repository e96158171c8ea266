import { openAiWire } from '../../wire/openai/index.js';
import { bearer, type Provider } from '../provider.js';

/** llama.cpp's server on this machine. `cache_prompt` reuses the prefix of the slot's previous prompt. */
export const llamaCpp: Provider = {
  name: 'llama.cpp',
  label: 'llama.cpp',
  baseUrl: 'http://127.0.0.1:8080/v1',
  wire: openAiWire,
  needsKey: false,
  auth: bearer,
  defaults: () => ({ cache_prompt: true }),
};
