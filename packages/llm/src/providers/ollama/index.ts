import { openAiWire } from '../../wire/openai/index.js';
import { bearer, type Provider } from '../provider.js';

/** Ollama on this machine. */
export const ollama: Provider = {
  name: 'ollama',
  label: 'Ollama',
  baseUrl: 'http://127.0.0.1:11434/v1',
  wire: openAiWire,
  needsKey: false,
  auth: bearer,
};
