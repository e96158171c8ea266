import type { ChatMessage, ChatRequest, ContentPart } from '../../chat.js';
import { argumentsObject, conversationOf } from '../conversation.js';

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

/** Blank text is left out: the API refuses it. */
function blocks(content: string | ContentPart[]): Block[] {
  const parts: ContentPart[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  return parts
    .filter((part) => part.type !== 'text' || part.text.trim() !== '')
    .map((part) => (part.type === 'text' ? { type: 'text', text: part.text } : image(part.url)));
}

/** The API refuses ids with other characters; some models make such ids, Kimi for example. */
const callId = (id: string) => id.replace(/[^\w-]/g, '_');

function messageBlocks(message: ChatMessage): Block[] {
  const content = blocks(message.content);
  if (message.role === 'tool')
    return [{ type: 'tool_result', tool_use_id: callId(message.toolCallId ?? ''), content }];
  const calls = (message.toolCalls ?? []).map((call) => ({
    type: 'tool_use',
    id: callId(call.id),
    name: call.name,
    input: argumentsObject(call.arguments),
  }));
  return [...content, ...calls];
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
  const conversation = conversationOf(request.messages);
  const system = conversation.system.flatMap(({ content }) => blocks(content));
  const messages = conversation.turns.map((turn) => ({
    role: turn.role,
    content: turn.messages.flatMap(messageBlocks),
  }));
  const last = messages.at(-1);
  if (last) last.content = cachedAtEnd(last.content, cacheTtl);
  return {
    model,
    max_tokens: request.maxCompletionTokens ?? DEFAULT_MAX_TOKENS,
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.topP === undefined ? {} : { top_p: request.topP }),
    ...(request.stop === undefined ? {} : { stop_sequences: request.stop }),
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
