import { modelIds } from '../model-list.js';
import { checked, isJsonObject } from '../schema.js';
import type { Wire } from '../wire.js';
import { chunkSchema } from './chunk.js';
import { OpenAiReader } from './reader.js';
import { openAiBody } from './request.js';

/** OpenAI's Chat Completions API, which most providers support. */
export const openAiWire: Wire = {
  name: 'openai-chat',
  rawBody: (model, body) => ({
    ...body,
    model,
    stream: true,
    stream_options: {
      ...(isJsonObject(body.stream_options) ? body.stream_options : {}),
      include_usage: true,
    },
  }),
  path: () => '/chat/completions',
  body: openAiBody,
  reader: (context) => new OpenAiReader(context),
  readNonStreaming(json, context) {
    if (!Array.isArray((json as { choices?: unknown } | null)?.choices)) return undefined;
    const chunk = checked(chunkSchema, json, context.provider);
    if (!chunk.choices?.[0]?.message) return undefined;
    const reader = new OpenAiReader(context);
    return [...reader.signals(chunk), ...reader.read({ data: '[DONE]' })];
  },
  modelsPath: '/models',
  modelNames: (json) => modelIds(json, { list: 'data', name: 'id' }),
};
