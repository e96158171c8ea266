import type {
  EmulatedAnswer,
  EmulatedMessage,
  EmulatedRequest,
  EmulatedToolCall,
  EmulatedToolChoice,
  JsonSchema,
  OfferedTool,
} from '../chat/chat.js';
import { renderPrompt } from '../chat/prompt.js';
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
import { dialectOf, usageFields } from './openai-dialects.js';
import { readSchema } from './schema.js';
import type { ReplyContext, WireFormat } from './wire.js';

/** OpenAI's chat completions, also used by Groq, Cerebras, vLLM and most others (see openai-dialects.ts). */
export const openaiWire: WireFormat = {
  name: 'openai',
  matches: ({ method, path }) => method === 'POST' && path.endsWith('/chat/completions'),
  listsModels: ({ path }) => path.includes('/models'),
  modelEntry: (id, profile, created) => ({
    id,
    object: 'model',
    created,
    owned_by: `emulated-${profile.provider}`,
  }),
  modelList: (data) => ({ object: 'list', data }),
  readRequest,
  readKey: (headers) => /^Bearer\s+(.+)$/i.exec(String(headers.authorization ?? ''))?.[1],
  headers: (info) => dialectOf(info.profile).headers(info),
  encoder: (context) => new OpenaiEncoder(context),
  complete,
  errorBody: (error, profile) => dialectOf(profile).errorBody(error),
  errorFrame: (message, profile) => frame(dialectOf(profile).errorFrame(message)),
};

const ROLES: Record<string, EmulatedMessage['role']> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
  function: 'tool',
};

function readRequest(body: unknown): EmulatedRequest {
  const fields = fieldsOf(body, 'body');
  const model = fields.model;
  if (typeof model !== 'string') throw invalidRequest('you must provide a model parameter', 'model');
  const messages = nonEmptyList(fields.messages, 'messages').map(readMessage);
  const tools = listOf(fields.tools, 'tools').map(readTool);
  const prompt = renderPrompt(tools, messages);
  const answerSchema = readAnswerSchema(fields.response_format);
  const streamOptions = isFields(fields.stream_options) ? fields.stream_options : {};
  return {
    model,
    messages,
    tools,
    toolChoice: readToolChoice(fields.tool_choice, tools),
    parallelTools: fields.parallel_tool_calls !== false,
    ...(answerSchema && { answerSchema }),
    stream: fields.stream === true,
    includeUsage: streamOptions.include_usage === true,
    maxTokens: numberOr(fields.max_completion_tokens, numberOr(fields.max_tokens, undefined)),
    reasoningEffort: stringOr(fields.reasoning_effort, undefined),
    cacheKey: stringOr(fields.prompt_cache_key, undefined),
    prompt,
    cacheable: prompt,
  };
}

/** The schema in `response_format`, if it has one. */
function readAnswerSchema(format: unknown): JsonSchema | undefined {
  if (!isFields(format) || format.type !== 'json_schema') return undefined;
  const { schema } = fieldsOf(format.json_schema, 'response_format.json_schema');
  return readSchema(schema, 'response_format.json_schema.schema');
}

function readMessage(value: unknown, index: number): EmulatedMessage {
  const name = `messages[${index}]`;
  const message = fieldsOf(value, name);
  const role = ROLES[stringOr(message.role, '')];
  if (!role) throw invalidRequest(`Invalid value for '${name}.role'.`, `${name}.role`);
  return {
    role,
    text: textOf(message.content),
    toolCalls: listOf(message.tool_calls, `${name}.tool_calls`).map(readToolCall),
    toolCallId: stringOr(message.tool_call_id, undefined),
  };
}

function readToolCall(value: unknown): EmulatedToolCall {
  const call = fieldsOf(value, 'tool_calls[]');
  const fn = fieldsOf(call.function, 'tool_calls[].function');
  return { id: stringOr(call.id, ''), name: stringOr(fn.name, ''), arguments: stringOr(fn.arguments, '') };
}

function readTool(value: unknown, index: number): OfferedTool {
  const fn = fieldsOf(fieldsOf(value, `tools[${index}]`).function, `tools[${index}].function`);
  if (typeof fn.name !== 'string') {
    throw invalidRequest(
      `Missing required parameter: 'tools[${index}].function.name'.`,
      `tools[${index}].function.name`,
    );
  }
  return {
    name: fn.name,
    description: stringOr(fn.description, ''),
    parameters: readSchema(fn.parameters, `tools[${index}].function.parameters`),
  };
}

function readToolChoice(value: unknown, tools: OfferedTool[]): EmulatedToolChoice {
  if (value === undefined || value === null || value === 'auto') return 'auto';
  if (value === 'none' || value === 'required') return value;
  const name = isFields(value) && isFields(value.function) ? value.function.name : undefined;
  if (typeof name !== 'string' || !tools.some((tool) => tool.name === name)) {
    throw invalidRequest(
      "Invalid value for 'tool_choice': no tool of that name is in 'tools'.",
      'tool_choice',
    );
  }
  return { name };
}

const FINISH: Record<FinishReason, string> = { stop: 'stop', length: 'length', tools: 'tool_calls' };

function toolCallFields(call: EmulatedToolCall): Fields {
  return { id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } };
}

/** The fields that every chunk and every unstreamed body starts with. */
function commonFields(context: ReplyContext, object: string): Fields {
  return {
    id: `chatcmpl-emulated-${context.id}`,
    object,
    created: context.created,
    model: context.request.model,
    system_fingerprint: 'emulated',
  };
}

function frame(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

class OpenaiEncoder implements EventEncoder {
  readonly #context: ReplyContext;
  #first = true;

  constructor(context: ReplyContext) {
    this.#context = context;
  }

  encode(event: ScriptEvent): string {
    switch (event.kind) {
      case 'open':
        return this.#delta({ role: 'assistant', content: '' });
      case 'reasoning':
        return this.#delta({ [dialectOf(this.#context.profile).reasoningField]: event.text });
      case 'text':
        return this.#delta({ content: event.text });
      case 'tool':
        return this.#delta({
          tool_calls: [{ index: event.index, ...toolCallFields({ ...event.call, arguments: '' }) }],
        });
      case 'arguments':
        return this.#delta({ tool_calls: [{ index: event.index, function: { arguments: event.json } }] });
      case 'finish':
        return this.#finish(FINISH[event.reason]);
      default:
        return '';
    }
  }

  #chunk(choices: unknown[], more: Fields): string {
    return frame({ ...commonFields(this.#context, 'chat.completion.chunk'), choices, ...more });
  }

  #delta(delta: Fields, finishReason: string | null = null, more: Fields = {}): string {
    const extras = this.#first ? dialectOf(this.#context.profile).firstChunk(this.#context) : {};
    this.#first = false;
    const usage = this.#context.request.includeUsage ? { usage: null } : {};
    return this.#chunk([{ index: 0, delta, finish_reason: finishReason }], { ...usage, ...extras, ...more });
  }

  #finish(reason: string): string {
    const context = this.#context;
    const last = this.#delta({}, reason, dialectOf(context.profile).lastChunk(context));
    const usage = context.request.includeUsage ? this.#chunk([], { usage: usageFields(context) }) : '';
    return `${last}${usage}data: [DONE]\n\n`;
  }
}

function complete(
  context: ReplyContext,
  answer: EmulatedAnswer,
  reasoning: string,
  reason: FinishReason,
): Fields {
  const dialect = dialectOf(context.profile);
  const message: Fields = { role: 'assistant', content: answer.text === '' ? null : answer.text };
  if (reasoning !== '') message[dialect.reasoningField] = reasoning;
  if (answer.toolCalls.length > 0) message.tool_calls = answer.toolCalls.map(toolCallFields);
  return {
    ...commonFields(context, 'chat.completion'),
    choices: [{ index: 0, message, finish_reason: FINISH[reason] }],
    ...dialect.wholeBody(context),
  };
}
