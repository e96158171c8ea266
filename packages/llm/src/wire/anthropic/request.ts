import type { ChatMessage, ChatRequest, ContentPart } from '../../chat.js';

/** Anthropic requires a maximum; a spoken answer is short. Tokens. */
const DEFAULT_MAX_TOKENS = 1_024;

/** Marks the end of a prefix to cache. No effect below the model's minimum (4,096 tokens for Haiku 4.5). */
const marker = (ttl: unknown) => ({ cache_control: { type: 'ephemeral', ...(ttl ? { ttl } : {}) } });

type Block = Record<string, unknown>;

function image(url: string): Block {
  const inline = /^data:([^;,]+);base64,(.*)$/s.exec(url);
  return {
    type: 'image',
    source: inline ? { type: 'base64', media_type: inline[1], data: inline[2] } : { type: 'url', url },
  };
}

function blocks(content: string | ContentPart[]): Block[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return content.map((part) => (part.type === 'text' ? { type: 'text', text: part.text } : image(part.url)));
}

function turn(message: ChatMessage): { role: 'user' | 'assistant'; content: Block[] } {
  if (message.role === 'tool') {
    const result = { type: 'tool_result', tool_use_id: message.toolCallId, content: blocks(message.content) };
    return { role: 'user', content: [result] };
  }
  const calls = (message.toolCalls ?? []).map((call) => ({
    type: 'tool_use',
    id: call.id,
    name: call.name,
    input: JSON.parse(call.arguments || '{}') as unknown,
  }));
  return {
    role: message.role === 'assistant' ? 'assistant' : 'user',
    content: [...blocks(message.content), ...calls],
  };
}

/** Converts the conversation: consecutive messages of one role are merged, and the system text is separate. */
function turns(messages: ChatMessage[]) {
  const result: { role: 'user' | 'assistant'; content: Block[] }[] = [];
  for (const message of messages) {
    if (message.role === 'system') continue;
    const next = turn(message);
    const last = result.at(-1);
    if (last?.role === next.role) last.content.push(...next.content);
    else if (next.content.length > 0) result.push(next);
  }
  return result;
}

/** A copy whose last element marks the end of a cached prefix. */
function cachedAtEnd<T extends object>(items: T[], ttl: unknown): T[] {
  return items.map((item, index) => (index === items.length - 1 ? { ...item, ...marker(ttl) } : item));
}

function toolChoice({ toolChoice: choice = 'auto', parallelToolCalls }: ChatRequest): object {
  const type = typeof choice === 'object' ? 'tool' : choice === 'required' ? 'any' : choice;
  return {
    type,
    ...(typeof choice === 'object' ? { name: choice.name } : {}),
    ...(parallelToolCalls === false && type !== 'none' ? { disable_parallel_tool_use: true } : {}),
  };
}

/**
 * The body of a streaming message request. The tools, the system text and the conversation are each marked for
 * caching, with the lifetime `extra.cacheTtl`.
 */
export function anthropicBody(model: string, request: ChatRequest): Record<string, unknown> {
  const { cacheTtl, ...extra } = request.extra ?? {};
  const system = request.messages
    .filter(({ role }) => role === 'system')
    .flatMap(({ content }) => blocks(content));
  const messages = turns(request.messages);
  const last = messages.at(-1);
  if (last) last.content = cachedAtEnd(last.content, cacheTtl);
  return {
    model,
    max_tokens: request.maxCompletionTokens ?? DEFAULT_MAX_TOKENS,
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.tools?.length
      ? {
          tools: cachedAtEnd(
            request.tools.map(({ name, description, parameters }) => ({
              name,
              ...(description === undefined ? {} : { description }),
              input_schema: parameters,
            })),
            cacheTtl,
          ),
          tool_choice: toolChoice(request),
        }
      : {}),
    ...(system.length > 0 ? { system: cachedAtEnd(system, cacheTtl) } : {}),
    messages,
    stream: true,
    ...extra,
  };
}
