import { modelIds } from '../model-list.js';
import type { Wire } from '../wire.js';
import { AnthropicReader } from './reader.js';
import { anthropicBody } from './request.js';

/** Anthropic's Messages API. */
export const anthropicWire: Wire = {
  name: 'anthropic-messages',
  rawBody: (model, body) => ({ ...body, model, stream: true }),
  path: () => '/messages',
  body: anthropicBody,
  reader: (context) => new AnthropicReader(context),
  readNonStreaming(json, context) {
    if (!Array.isArray((json as { content?: unknown } | null)?.content)) return undefined;
    return new AnthropicReader(context).readMessage(json);
  },
  modelsPath: '/models',
  modelNames: (json) => modelIds(json, { list: 'data', name: 'id' }),
};
