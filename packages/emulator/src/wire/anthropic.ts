import type {
  Answer,
  ChatMessage,
  ChatRequest,
  ToolCall,
  ToolChoice,
  ToolOffer,
  Usage,
} from '../chat/chat.js';
import type { ProblemKind, RequestProblem } from '../chat/problem.js';
import { renderPrompt } from '../chat/prompt.js';
import type { BeatEncoder } from '../play/player.js';
import type { Beat, FinishReason } from '../play/score.js';
import {
  type Fields,
  fieldsOf,
  filledList,
  invalid,
  isFields,
  listOf,
  numberOr,
  stringOr,
  textOf,
} from './fields.js';
import { readSchema } from './schema.js';
import type { ReplyContext, Wire } from './wire.js';

/** Anthropic's messages API. Its caching is explicit: only what a `cache_control` marks is cached. */
export const anthropicWire: Wire = {
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
  errorBody: (problem) => errorFields(problem),
  errorFrame: (message) => event('error', { type: 'error', error: { type: 'overloaded_error', message } }),
};

const ERROR_TYPES: Record<ProblemKind, string> = {
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

function errorFields(problem: RequestProblem): Fields {
  return { type: 'error', error: { type: ERROR_TYPES[problem.kind], message: problem.message } };
}

function readRequest(body: unknown): ChatRequest {
  const fields = fieldsOf(body, 'body');
  if (typeof fields.model !== 'string') throw invalid('model: Field required', 'model');
  const maxTokens = numberOr(fields.max_tokens, undefined);
  if (maxTokens === undefined) throw invalid('max_tokens: Field required', 'max_tokens');
  const system = textOf(fields.system);
  const raw = filledList(fields.messages, 'messages');
  const messages: ChatMessage[] = system === '' ? [] : [{ role: 'system', text: system, toolCalls: [] }];
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

/** Does a `cache_control` mark something in here? The emulator caches up to the end of the message that holds it. */
function isMarked(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value).includes('"cache_control":{');
}

/** One message of Anthropic's may hold tool results and words: they become separate messages, results first. */
function readMessage(value: unknown, index: number): ChatMessage[] {
  const message = fieldsOf(value, `messages.${index}`);
  const role = message.role;
  if (role !== 'user' && role !== 'assistant')
    throw invalid(`messages.${index}.role: Input should be 'user' or 'assistant'`);
  const blocks = Array.isArray(message.content) ? message.content.filter(isFields) : [];
  const results = blocks.filter((block) => block.type === 'tool_result').map(readToolResult);
  const text = textOf(message.content);
  const toolCalls = blocks.filter((block) => block.type === 'tool_use').map(readToolUse);
  const words: ChatMessage[] = text === '' && results.length > 0 ? [] : [{ role, text, toolCalls }];
  return [...results, ...words];
}

function readToolResult(block: Fields): ChatMessage {
  const text =
    block.is_error === true ? JSON.stringify({ error: textOf(block.content) }) : textOf(block.content);
  return { role: 'tool', text, toolCalls: [], toolCallId: stringOr(block.tool_use_id, undefined) };
}

function readToolUse(block: Fields): ToolCall {
  return {
    id: stringOr(block.id, ''),
    name: stringOr(block.name, ''),
    arguments: JSON.stringify(block.input ?? {}),
  };
}

function readTool(value: unknown, index: number): ToolOffer {
  const tool = fieldsOf(value, `tools.${index}`);
  if (typeof tool.name !== 'string') throw invalid(`tools.${index}.name: Field required`);
  return {
    name: tool.name,
    description: stringOr(tool.description, ''),
    parameters: readSchema(tool.input_schema, `tools.${index}.input_schema`),
  };
}

function readToolChoice(choice: Fields, tools: ToolOffer[]): ToolChoice {
  if (choice.type === 'none') return 'none';
  if (choice.type === 'any') return 'required';
  if (choice.type !== 'tool') return 'auto';
  const name = stringOr(choice.name, '');
  if (!tools.some((tool) => tool.name === name))
    throw invalid(`tool_choice: Tool '${name}' not found in provided tools`);
  return { name };
}

const STOP_REASONS: Record<FinishReason, string> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tools: 'tool_use',
};

/** Anthropic counts cached and newly cached tokens apart from `input_tokens`. */
function inputUsage(usage: Usage): Fields {
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

function event(name: string, data: Fields): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

type BlockKind = 'thinking' | 'text' | 'tool';

class AnthropicEncoder implements BeatEncoder {
  readonly #context: ReplyContext;
  /** The block now open; blocks are numbered in order. */
  #block: BlockKind | undefined;
  #index = -1;

  constructor(context: ReplyContext) {
    this.#context = context;
  }

  encode(beat: Beat): string {
    switch (beat.kind) {
      case 'open':
        return this.#open();
      case 'reasoning':
        return (
          this.#begin('thinking', { type: 'thinking', thinking: '', signature: '' }) +
          this.#delta({ type: 'thinking_delta', thinking: beat.text })
        );
      case 'text':
        return (
          this.#begin('text', { type: 'text', text: '' }) +
          this.#delta({ type: 'text_delta', text: beat.text })
        );
      case 'tool':
        return (
          this.#end() +
          this.#begin('tool', { type: 'tool_use', id: beat.call.id, name: beat.call.name, input: {} })
        );
      case 'arguments':
        return this.#delta({ type: 'input_json_delta', partial_json: beat.json });
      case 'finish':
        return this.#finish(beat.reason);
      default:
        return '';
    }
  }

  #open(): string {
    const usage = { ...inputUsage(this.#context.usage), output_tokens: 1 };
    const message = messageFields(this.#context, { content: [], stop_reason: null, usage });
    return event('message_start', { type: 'message_start', message }) + event('ping', { type: 'ping' });
  }

  /** Opens a block, unless one of its kind is open. */
  #begin(kind: BlockKind, block: Fields): string {
    if (this.#block === kind) return '';
    const end = this.#end();
    this.#block = kind;
    this.#index += 1;
    return (
      end +
      event('content_block_start', { type: 'content_block_start', index: this.#index, content_block: block })
    );
  }

  #delta(delta: Fields): string {
    return event('content_block_delta', { type: 'content_block_delta', index: this.#index, delta });
  }

  #end(): string {
    if (this.#block === undefined) return '';
    this.#block = undefined;
    return event('content_block_stop', { type: 'content_block_stop', index: this.#index });
  }

  #finish(reason: FinishReason): string {
    const usage = { output_tokens: this.#context.usage.completionTokens };
    const delta = { stop_reason: STOP_REASONS[reason], stop_sequence: null };
    return (
      this.#end() +
      event('message_delta', { type: 'message_delta', delta, usage }) +
      event('message_stop', { type: 'message_stop' })
    );
  }
}

function complete(context: ReplyContext, answer: Answer, reasoning: string, reason: FinishReason): Fields {
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
