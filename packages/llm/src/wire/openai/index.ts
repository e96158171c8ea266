import type { Wire } from '../wire.js';
import type { Chunk } from './chunk.js';
import { OpenAiReader } from './reader.js';
import { openAiBody } from './request.js';

/** OpenAI's Chat Completions API, which most providers support. */
export const openAiWire: Wire = {
  path: () => '/chat/completions',
  body: openAiBody,
  reader: (context) => new OpenAiReader(context),
  readNonStreaming(json, context) {
    const chunk = json as Chunk | null;
    if (!chunk?.choices?.[0]?.message) return undefined;
    return [...new OpenAiReader(context).signals(chunk), { type: 'end' }];
  },
  modelsPath: '/models',
  modelNames(json) {
    const list = (json as { data?: { id?: unknown }[] } | null)?.data;
    return Array.isArray(list) ? list.map((entry) => String(entry?.id ?? '')).filter(Boolean) : [];
  },
};
