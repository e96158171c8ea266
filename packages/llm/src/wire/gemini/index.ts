import type { Wire } from '../wire.js';
import { type GeminiChunk, GeminiReader } from './reader.js';
import { geminiBody } from './request.js';

/**
 * Gemini's generateContent API. Unlike its OpenAI-compatible one, it reports thoughts and cached tokens separately.
 */
export const geminiWire: Wire = {
  path: (model) => `/models/${encodeURIComponent(model)}:streamGenerateContent?alt=sse`,
  body: geminiBody,
  reader: (context) => new GeminiReader(context),
  readNonStreaming(json, context) {
    const chunks = (Array.isArray(json) ? json : [json]) as (GeminiChunk | null)[];
    if (!chunks.some((chunk) => chunk?.candidates)) return undefined;
    const reader = new GeminiReader(context);
    return [...chunks.flatMap((chunk) => (chunk ? reader.signals(chunk) : [])), { type: 'end' }];
  },
  modelsPath: '/models',
  modelNames(json) {
    const list = (json as { models?: { name?: unknown }[] } | null)?.models;
    return Array.isArray(list)
      ? list.map((m) => String(m?.name ?? '').replace(/^models\//, '')).filter(Boolean)
      : [];
  },
};
