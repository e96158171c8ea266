import { geminiWire } from '../../wire/gemini/index.js';
import type { Provider } from '../provider.js';

/** A caller would hear thinking as silence: turned off where possible (2.5 Flash), minimal where not (3.x). */
function leastThinking(model: string): Record<string, unknown> {
  if (/gemini-2\.5-flash/.test(model)) return { generationConfig: { thinkingConfig: { thinkingBudget: 0 } } };
  if (/gemini-3/.test(model)) return { generationConfig: { thinkingConfig: { thinkingLevel: 'MINIMAL' } } };
  return {};
}

/**
 * Gemini, with its own wire format. Caches long prefixes automatically (from 2,048 tokens on 2.5 Flash, 4,096 on
 * 3.x).
 */
export const gemini: Provider = {
  name: 'gemini',
  label: 'Gemini',
  baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  wire: geminiWire,
  keyVariable: 'GEMINI_API_KEY',
  auth: (apiKey) => ({ 'x-goog-api-key': apiKey }),
  defaults: leastThinking,
};
