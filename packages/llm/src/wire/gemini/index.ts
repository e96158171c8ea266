import { modelIds } from '../model-list.js';
import { isJsonObject } from '../schema.js';
import type { Wire } from '../wire.js';
import { GeminiReader } from './reader.js';
import { geminiBody } from './request.js';

/**
 * Gemini's generateContent API. Unlike its OpenAI-compatible one, it reports thoughts and cached tokens separately.
 */
export const geminiWire: Wire = {
  path: (model) => `/models/${encodeURIComponent(model)}:streamGenerateContent?alt=sse`,
  body: geminiBody,
  reader: (context) => new GeminiReader(context),
  readNonStreaming(json, context) {
    const chunks = (Array.isArray(json) ? json : [json]).filter(isJsonObject);
    if (!chunks.some(({ candidates }) => candidates)) return undefined;
    const reader = new GeminiReader(context);
    return [...chunks.flatMap((chunk) => reader.readJson(chunk)), { type: 'end' }];
  },
  modelsPath: '/models',
  modelNames: (json) =>
    modelIds(json, { list: 'models', name: 'name' }).map((name) => name.replace(/^models\//, '')),
};
