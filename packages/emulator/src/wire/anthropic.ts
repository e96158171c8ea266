import type {
  EmulatedAnswer,
  EmulatedMessage,
  EmulatedRequest,
  EmulatedToolCall,
  EmulatedToolChoice,
  EmulatedUsage,
  OfferedTool,
} from '../chat/chat.js';
import { renderPrompt } from '../chat/prompt.js';
import type { RequestError, RequestErrorKind } from '../chat/request-error.js';
import type { FinishReason, ScriptEvent } from '../response/response-script.js';
import type { EventEncoder } from '../response/script-player.js';
import {
  type Fields,
  fieldsOf,
  invalidRequest,
  isFields,
  listOf,
  nonEmptyList,
  numberOr,
  stringOr,
  textOf,
} from './fields.js';
import { readSchema } from './schema.js';
import type { ReplyContext, WireFormat } from './wire.js';

/** Anthropic's Messages API. Caching is explicit: only prefixes marked with `cache_control` are cached. */
export const anthropicWire: WireFormat = {
  name: 'anthropic',
  matches: ({ method, path }) => method === 'POST' && path.endsWith('/messages'),
  listsModels: ({ path }, headers) => path.includes('/models') && headers['anthropic-version'] !== undefined,
  modelEntry: (id, _, created) => ({
    type: 'model',
    id,
    display_name: `${id} (emulated)`,
    created_at: new Date(created * 1000).toISOString(),
  }),
  modelList: (data) => ({ data, has_more: false }),
  readRequest,
  readKey: (headers) => {
    const key = headers['x-api-key'];
    if (typeof key === 'string') return key;
    return /^Bearer\s+(.+)$/i.exec(String(headers.authorization ?? ''))?.[1];
  },
  headers: ({ requestId }) => ({ 'request-id': `req_emulated_${requestId}` }),
  encoder: (context) => new AnthropicEncoder(context),
  complete,
  errorBody: (error) => errorFields(error),
  errorFrame: (message) => sseEvent('error', { type: 'error', error: { type: 'overloaded_error', message } }),
};

const ERROR_TYPES: Record<RequestErrorKind, string> = {
  invalid_request: 'invalid_request_error',
  unauthorized: 'authentication_error',
  forbidden: 'permission_error',
  not_found: 'not_found_error',
  model_not_found: 'not_found_error',
  too_large: 'request_too_large',
  rate_limited: 'rate_limit_error',
  unavailable: 'overloaded_error',
  internal: 'api_error',
};

function errorFields(error: RequestError): Fields {
  return { type: 'error', error: { type: ERROR_TYPES[error.kind], message: error.message } };
}

function readRequest(body: unknown): EmulatedRequest {
  const fields = fieldsOf(body, 'body');
  if (typeof fields.model !== 'string') throw invalidRequest('model: Field required', 'model');
  const maxTokens = numberOr(fields.max_tokens, undefined);
  if (maxTokens === undefined) throw invalidRequest('max_tokens: Field required', 'max_tokens');
  const system = textOf(fields.system);
  const raw = nonEmptyList(fields.messages, 'messages');
  const messages: EmulatedMessage[] = system === '' ? [] : [{ role: 'system', text: system, toolCalls: [] }];
  let marked = isMarked(fields.system) ? messages.length : 0;
  for (const [index, message] of raw.entries()) {
    messages.push(...readMessage(message, index));
    if (isMarked(message)) marked = messages.length;
  }
  const choice = isFields(fields.tool_choice) ? fields.tool_choice : {};
  const tools = listOf(fields.tools, 'tools').map(readTool);
  const isCached = marked > 0 || isMarked(fields.tools);
  return {
    model: fields.model,
    messages,
    tools,
    toolChoice: readToolChoice(choice, tools),
    parallelTools: choice.disable_parallel_tool_use !== true,
    stream: fields.stream === true,
    includeUsage: true,
    maxTokens,
    reasoningEffort: isFields(fields.thinking) && fields.thinking.type === 'enabled' ? 'medium' : 'none',
    cacheKey: undefined,
    prompt: renderPrompt(tools, messages),
    cacheable: isCached ? renderPrompt(tools, messages.slice(0, marked)) : '',
  };
}

/** Whether a value contains a `cache_control` marker. The emulator caches up to the end of the message that contains it. */
function isMarked(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value).includes('"cache_control":{');
}

/** An Anthropic message can hold tool results and text. They become separate messages, results first. */
function readMessage(value: unknown, index: number): EmulatedMessage[] {
  const message = fieldsOf(value, `messages.${index}`);
  const role = message.role;
  if (role !== 'user' && role !== 'assistant')
    throw invalidRequest(`messages.${index}.role: Input should be 'user' or 'assistant'`);
  const blocks = Array.isArray(message.content) ? message.content.filter(isFields) : [];
  const results = blocks.filter((block) => block.type === 'tool_result').map(readToolResult);
  const text = textOf(message.content);
  const toolCalls = blocks.filter((block) => block.type === 'tool_use').map(readToolUse);
  const textMessages: EmulatedMessage[] =
    text === '' && results.length > 0 ? [] : [{ role, text, toolCalls }];
  return [...results, ...textMessages];
}

function readToolResult(block: Fields): EmulatedMessage {
  const text =
    block.is_error === true ? JSON.stringify({ error: textOf(block.content) }) : textOf(block.content);
  return { role: 'tool', text, toolCalls: [], toolCallId: stringOr(block.tool_use_id, undefined) };
}

function readToolUse(block: Fields): EmulatedToolCall {
  return {
    id: stringOr(block.id, ''),
    name: stringOr(block.name, ''),
    arguments: JSON.stringify(block.input ?? {}),
  };
}

function readTool(value: unknown, index: number): OfferedTool {
  const tool = fieldsOf(value, `tools.${index}`);
  if (typeof tool.name !== 'string') throw invalidRequest(`tools.${index}.name: Field required`);
  return {
    name: tool.name,
    description: stringOr(tool.description, ''),
    parameters: readSchema(tool.input_schema, `tools.${index}.input_schema`),
  };
}

function readToolChoice(choice: Fields, tools: OfferedTool[]): EmulatedToolChoice {
  if (choice.type === 'none') return 'none';
  if (choice.type === 'any') return 'required';
  if (choice.type !== 'tool') return 'auto';
  const name = stringOr(choice.name, '');
  if (!tools.some((tool) => tool.name === name))
    throw invalidRequest(`tool_choice: Tool '${name}' not found in provided tools`);
  return { name };
}

const STOP_REASONS: Record<FinishReason, string> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tools: 'tool_use',
};

/** Anthropic does not include cached and newly cached tokens in `input_tokens`. */
function inputUsage(usage: EmulatedUsage): Fields {
  return {
    input_tokens: Math.max(0, usage.promptTokens - usage.cachedTokens - usage.cacheWriteTokens),
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cachedTokens,
    cache_creation: { ephemeral_5m_input_tokens: usage.cacheWriteTokens, ephemeral_1h_input_tokens: 0 },
  };
}

function messageFields(context: ReplyContext, more: Fields): Fields {
  return {
    id: `msg_emulated_${context.id}`,
    type: 'message',
    role: 'assistant',
    model: context.request.model,
    ...more,
    stop_sequence: null,
  };
}

function sseEvent(name: string, data: Fields): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

type BlockKind = 'thinking' | 'text' | 'tool';

class AnthropicEncoder implements EventEncoder {
  readonly #context: ReplyContext;
  /** The kind of the open content block; blocks are numbered in order. */
  #block: BlockKind | undefined;
  #index = -1;

  constructor(context: ReplyContext) {
    this.#context = context;
  }

  encode(event: ScriptEvent): string {
    switch (event.kind) {
      case 'open':
        return this.#open();
      case 'reasoning':
        return (
          this.#begin('thinking', { type: 'thinking', thinking: '', signature: '' }) +
          this.#delta({ type: 'thinking_delta', thinking: event.text })
        );
      case 'text':
        return (
          this.#begin('text', { type: 'text', text: '' }) +
          this.#delta({ type: 'text_delta', text: event.text })
        );
      case 'tool':
        return (
          this.#end() +
          this.#begin('tool', { type: 'tool_use', id: event.call.id, name: event.call.name, input: {} })
        );
      case 'arguments':
        return this.#delta({ type: 'input_json_delta', partial_json: event.json });
      case 'finish':
        return this.#finish(event.reason);
      default:
        return '';
    }
  }

  #open(): string {
    const usage = { ...inputUsage(this.#context.usage), output_tokens: 1 };
    const message = messageFields(this.#context, { content: [], stop_reason: null, usage });
    return sseEvent('message_start', { type: 'message_start', message }) + sseEvent('ping', { type: 'ping' });
  }

  /** Opens a content block unless one of this kind is already open. */
  #begin(kind: BlockKind, block: Fields): string {
    if (this.#block === kind) return '';
    const end = this.#end();
    this.#block = kind;
    this.#index += 1;
    return (
      end +
      sseEvent('content_block_start', {
        type: 'content_block_start',
        index: this.#index,
        content_block: block,
      })
    );
  }

  #delta(delta: Fields): string {
    return sseEvent('content_block_delta', { type: 'content_block_delta', index: this.#index, delta });
  }

  #end(): string {
    if (this.#block === undefined) return '';
    this.#block = undefined;
    return sseEvent('content_block_stop', { type: 'content_block_stop', index: this.#index });
  }

  #finish(reason: FinishReason): string {
    const usage = { output_tokens: this.#context.usage.completionTokens };
    const delta = { stop_reason: STOP_REASONS[reason], stop_sequence: null };
    return (
      this.#end() +
      sseEvent('message_delta', { type: 'message_delta', delta, usage }) +
      sseEvent('message_stop', { type: 'message_stop' })
    );
  }
}

function complete(
  context: ReplyContext,
  answer: EmulatedAnswer,
  reasoning: string,
  reason: FinishReason,
): Fields {
  const content: Fields[] = [];
  if (reasoning !== '') content.push({ type: 'thinking', thinking: reasoning, signature: '' });
  if (answer.text !== '') content.push({ type: 'text', text: answer.text });
  for (const call of answer.toolCalls) {
    content.push({ type: 'tool_use', id: call.id, name: call.name, input: JSON.parse(call.arguments) });
  }
  return messageFields(context, {
    content,
    stop_reason: STOP_REASONS[reason],
    usage: { ...inputUsage(context.usage), output_tokens: context.usage.completionTokens },
  });
}
