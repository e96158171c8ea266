import type { Wire, WireSignal } from '../wire.js';
import { AnthropicReader, anthropicUsage, FINISH } from './reader.js';
import { anthropicBody } from './request.js';

interface Message {
  content?: { type: string; text?: string; id?: string; name?: string; input?: unknown }[];
  stop_reason?: string;
  usage?: object;
}

/** Anthropic's Messages API. */
export const anthropicWire: Wire = {
  path: () => '/messages',
  body: anthropicBody,
  reader: (context) => new AnthropicReader(context),
  readNonStreaming(json) {
    const message = json as Message | null;
    if (!Array.isArray(message?.content)) return undefined;
    const signals = message.content.flatMap((block): WireSignal[] => {
      if (block.type === 'text') return [{ type: 'text', text: block.text ?? '' }];
      if (block.type !== 'tool_use') return [];
      const call = {
        id: block.id ?? '',
        name: block.name ?? '',
        arguments: JSON.stringify(block.input ?? {}),
      };
      return [{ type: 'toolCall', call }];
    });
    const reason = message.stop_reason ?? 'end_turn';
    return [
      ...signals,
      { type: 'finish', reason: FINISH[reason] ?? reason },
      ...(message.usage ? [{ type: 'usage', usage: anthropicUsage(message.usage) } as const] : []),
      { type: 'end' },
    ];
  },
  modelsPath: '/models',
  modelNames(json) {
    const list = (json as { data?: { id?: unknown }[] } | null)?.data;
    return Array.isArray(list) ? list.map((entry) => String(entry?.id ?? '')).filter(Boolean) : [];
  },
};
