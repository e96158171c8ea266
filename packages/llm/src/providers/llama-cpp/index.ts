import { openAiWire } from '../../wire/openai/index.js';
import { bearer, type Provider } from '../provider.js';

/** llama.cpp's server on this machine. `cache_prompt` keeps the prefix of the last prompt of the slot. */
export const llamaCpp: Provider = {
  name: 'llama.cpp',
  label: 'llama.cpp',
  baseUrl: 'http://127.0.0.1:8080/v1',
  wire: openAiWire,
  needsKey: false,
  auth: bearer,
  defaults: () => ({ cache_prompt: true }),
};
