import type {
  ChatMessage,
  ChatRequest,
  ContentPart,
  ToolCall,
  ToolChoice,
  ToolDefinition,
} from '@firstword/llm';
import type { DialectRequest } from '../answer/dialect.js';
import { GatewayError } from '../answer/failure.js';
import {
  defined,
  fieldsOf,
  isFields,
  type JsonFields,
  listOf,
  optionalBoolean,
  optionalNumber,
  optionalText,
  textOf,
} from '../answer/fields.js';

/** A request to OpenAI's chat completions. */
export interface OpenAiChatRequest extends DialectRequest {
  /** Whether the client asked for a chunk with the usage (`stream_options.include_usage`). */
  includeUsage: boolean;
}

const ROLES: Record<string, ChatMessage['role']> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
};

/** Collects what a converted request would lack. */
type Unconvertible = Set<string>;

function readPart(value: unknown, name: string, lost: Unconvertible): ContentPart[] {
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  const part = fieldsOf(value, name);
  if (part.type === 'text') return [{ type: 'text', text: textOf(part.text, `${name}.text`) }];
  if (part.type === 'refusal') return [{ type: 'text', text: textOf(part.refusal, `${name}.refusal`) }];
  if (part.type === 'image_url') {
    const image = fieldsOf(part.image_url, `${name}.image_url`);
    return [{ type: 'image', url: textOf(image.url, `${name}.image_url.url`) }];
  }
  lost.add(`a part of type ${textOf(part.type, `${name}.type`)}`);
  return [];
}

function readContent(value: unknown, name: string, lost: Unconvertible): string | ContentPart[] {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  return listOf(value, name).flatMap((part, index) => readPart(part, `${name}[${index}]`, lost));
}

function readToolCall(value: unknown, name: string, lost: Unconvertible): ToolCall[] {
  const call = fieldsOf(value, name);
  if (!isFields(call.function)) {
    lost.add('a call of a custom tool');
    return [];
  }
  return [
    {
      id: optionalText(call.id, `${name}.id`) ?? '',
      name: textOf(call.function.name, `${name}.function.name`),
      arguments: optionalText(call.function.arguments, `${name}.function.arguments`) ?? '',
    },
  ];
}

function readMessage(value: unknown, index: number, lost: Unconvertible): ChatMessage {
  const at = `messages[${index}]`;
  const message = fieldsOf(value, at);
  const given = textOf(message.role, `${at}.role`);
  const role = ROLES[given];
  if (!role) lost.add(`a message with the role ${given.slice(0, 40)}`);
  const calls = listOf(message.tool_calls, `${at}.tool_calls`);
  return {
    role: role ?? 'user',
    content: readContent(message.content, `${at}.content`, lost),
    ...(calls.length > 0
      ? { toolCalls: calls.flatMap((call, nth) => readToolCall(call, `${at}.tool_calls[${nth}]`, lost)) }
      : {}),
    ...(typeof message.tool_call_id === 'string' ? { toolCallId: message.tool_call_id } : {}),
    ...(typeof message.name === 'string' ? { name: message.name } : {}),
  };
}

function readTool(value: unknown, index: number, lost: Unconvertible): ToolDefinition[] {
  const at = `tools[${index}]`;
  const tool = fieldsOf(value, at);
  if (tool.type !== 'function') {
    lost.add(`a tool of type ${textOf(tool.type, `${at}.type`).slice(0, 40)}`);
    return [];
  }
  const fn = fieldsOf(tool.function, `${at}.function`);
  return [
    defined<ToolDefinition>({
      name: textOf(fn.name, `${at}.function.name`),
      description: optionalText(fn.description, `${at}.function.description`),
      parameters: isFields(fn.parameters) ? fn.parameters : { type: 'object', properties: {} },
    }),
  ];
}

function readToolChoice(value: unknown, lost: Unconvertible): ToolChoice | undefined {
  if (value === undefined || value === null) return undefined;
  if (value === 'auto' || value === 'none' || value === 'required') return value;
  const fn = isFields(value) ? value.function : undefined;
  if (isFields(fn) && typeof fn.name === 'string') return { name: fn.name };
  lost.add('this tool_choice');
  return undefined;
}

/** JsonFields that change what the answer is, and that no other API has in the same form. */
const ANSWER_FIELDS = [
  'response_format',
  'logprobs',
  'top_logprobs',
  'functions',
  'prediction',
  'logit_bias',
];

function noteAnswerFields(body: JsonFields, lost: Unconvertible): void {
  for (const name of ANSWER_FIELDS) {
    const value = body[name];
    const isUnset = value === undefined || value === null || value === false || value === 0;
    if (!isUnset && !(isFields(value) && value.type === 'text')) lost.add(name);
  }
}

function readStop(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return [value];
  return listOf(value, 'stop').map((text, index) => textOf(text, `stop[${index}]`));
}

function refuseSeveralAnswers(body: JsonFields): void {
  if (typeof body.n === 'number' && body.n !== 1)
    throw new GatewayError(
      400,
      'n must be 1: the gateway routes one answer a request. Send the request n times.',
    );
  if (isFields(body.audio) || listOf(body.modalities, 'modalities').includes('audio'))
    throw new GatewayError(400, 'the gateway passes on text answers only: leave out audio and modalities');
}

/**
 * Reads a chat completion request. The body is passed on as it is to models with the same API; the rest is for the router,
 * and for models with another one.
 * @throws GatewayError 400 that names the field
 */
export function readOpenAiChat(value: unknown): OpenAiChatRequest {
  const body = fieldsOf(value, 'the request body');
  refuseSeveralAnswers(body);
  const lost: Unconvertible = new Set();
  const messages = listOf(body.messages, 'messages').map((message, index) =>
    readMessage(message, index, lost),
  );
  if (messages.length === 0) throw new GatewayError(400, 'messages must have at least one message');
  const tools = listOf(body.tools, 'tools').flatMap((tool, index) => readTool(tool, index, lost));
  noteAnswerFields(body, lost);
  const options = isFields(body.stream_options) ? body.stream_options : {};
  const chat = defined<ChatRequest>({
    messages,
    tools: tools.length > 0 ? tools : undefined,
    toolChoice: readToolChoice(body.tool_choice, lost),
    parallelToolCalls: optionalBoolean(body.parallel_tool_calls, 'parallel_tool_calls'),
    maxCompletionTokens:
      optionalNumber(body.max_completion_tokens, 'max_completion_tokens') ??
      optionalNumber(body.max_tokens, 'max_tokens'),
    temperature: optionalNumber(body.temperature, 'temperature'),
    topP: optionalNumber(body.top_p, 'top_p'),
    stop: readStop(body.stop),
    sessionId: optionalText(body.prompt_cache_key, 'prompt_cache_key'),
    raw: { wire: 'openai-chat', body, unconvertible: [...lost] },
  });
  return {
    model: textOf(body.model, 'model'),
    stream: optionalBoolean(body.stream, 'stream') ?? false,
    includeUsage: options.include_usage === true,
    chat,
  };
}
