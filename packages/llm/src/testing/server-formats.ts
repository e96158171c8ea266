import type { ToolCall } from '../chat.js';
import { anthropicWire } from '../wire/anthropic/index.js';
import { geminiWire } from '../wire/gemini/index.js';
import type { Wire } from '../wire/wire.js';
import { DONE, data, delta, finish, text } from './server.js';

/** The contents of an answer, independent of the wire format. */
export interface AnswerParts {
  reasoning?: string;
  texts?: string[];
  calls?: ToolCall[];
  usage?: { prompt: number; cached: number; completion: number };
}

/** The server side of one wire format: the responses that the conformance tests need. */
export interface ServerFormat {
  chatPath: RegExp;
  /** The pieces of a complete stream. */
  answer(parts: AnswerParts): string[];
  /** An error frame in a stream that has already started. */
  errorFrame: string;
  errorBody(code: 'auth' | 'model' | 'context' | 'schema'): object;
  /** A stream whose tool call has arguments that are not JSON. */
  brokenCall?: string[];
  /** Arguments are sent as objects, so they are always valid JSON. */
  callsAreObjects?: true;
  models(names: string[]): object;
}

const openAi: ServerFormat = {
  chatPath: /\/chat\/completions(\?.*)?$/,
  answer: ({ reasoning, texts = [], calls = [], usage }) => [
    delta({ role: 'assistant', content: '' }),
    ...(reasoning ? [delta({ reasoning })] : []),
    ...texts.map(text),
    ...calls.flatMap(({ id, name, arguments: args }, index) => [
      delta({
        tool_calls: [{ index, id, type: 'function', function: { name, arguments: args.slice(0, 3) } }],
      }),
      delta({ tool_calls: [{ index, function: { arguments: args.slice(3) } }] }),
    ]),
    finish(calls.length > 0 ? 'tool_calls' : 'stop'),
    ...(usage
      ? [
          data({
            choices: [],
            usage: {
              prompt_tokens: usage.prompt,
              completion_tokens: usage.completion,
              prompt_tokens_details: { cached_tokens: usage.cached },
            },
          }),
        ]
      : []),
    DONE,
  ],
  errorFrame: data({ error: { message: 'The server had an error', type: 'server_error' } }),
  errorBody: (code) => ({
    error: {
      auth: { message: 'Incorrect API key provided', type: 'invalid_request_error', code: 'invalid_api_key' },
      model: {
        message: 'The model `x` does not exist',
        type: 'invalid_request_error',
        code: 'model_not_found',
      },
      context: {
        message: 'This model’s maximum context length is 8192 tokens',
        code: 'context_length_exceeded',
      },
      schema: {
        message: "Invalid schema for function 'find_table': object has no 'type'",
        type: 'invalid_request_error',
        param: 'tools[0].function.parameters',
        code: 'invalid_function_parameters',
      },
    }[code],
  }),
  brokenCall: [
    delta({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'find_table', arguments: '{"peo' } }] }),
    finish('tool_calls'),
    DONE,
  ],
  models: (names) => ({ object: 'list', data: names.map((id) => ({ id, object: 'model' })) }),
};

const named = (type: string, fields: object) => `event: ${type}\n${data({ type, ...fields })}`;

const anthropic: ServerFormat = {
  chatPath: /\/messages$/,
  answer: ({ reasoning, texts = [], calls = [], usage }) => {
    const block = (index: number, start: object, deltas: object[]) => [
      named('content_block_start', { index, content_block: start }),
      ...deltas.map((each) => named('content_block_delta', { index, delta: each })),
      named('content_block_stop', { index }),
    ];
    const blocks = [
      ...(reasoning
        ? [[{ type: 'thinking', thinking: '' }, [{ type: 'thinking_delta', thinking: reasoning }]] as const]
        : []),
      ...(texts.length > 0
        ? [[{ type: 'text', text: '' }, texts.map((each) => ({ type: 'text_delta', text: each }))] as const]
        : []),
      ...calls.map(
        ({ id, name, arguments: args }) =>
          [
            { type: 'tool_use', id, name, input: {} },
            [args.slice(0, 3), args.slice(3)].map((part) => ({
              type: 'input_json_delta',
              partial_json: part,
            })),
          ] as const,
      ),
    ];
    const { prompt = 1, cached = 0, completion = 1 } = usage ?? {};
    return [
      named('message_start', {
        message: {
          usage: { input_tokens: prompt - cached, cache_read_input_tokens: cached, output_tokens: 1 },
        },
      }),
      named('ping', {}),
      ...blocks.flatMap(([start, deltas], index) => block(index, start, [...deltas])),
      named('message_delta', {
        delta: { stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn' },
        usage: { output_tokens: completion },
      }),
      named('message_stop', {}),
    ];
  },
  errorFrame: named('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
  errorBody: (code) => ({
    type: 'error',
    error: {
      auth: { type: 'authentication_error', message: 'invalid x-api-key' },
      model: { type: 'not_found_error', message: 'model: x not found' },
      context: {
        type: 'invalid_request_error',
        message: 'prompt is too long: 210000 tokens > 200000 maximum',
      },
      schema: {
        type: 'invalid_request_error',
        message: 'tools.0.custom.input_schema: JSON schema is invalid (find_table)',
      },
    }[code],
  }),
  brokenCall: [
    named('message_start', { message: { usage: { input_tokens: 1, output_tokens: 1 } } }),
    named('content_block_start', {
      index: 0,
      content_block: { type: 'tool_use', id: 'c1', name: 'find_table', input: {} },
    }),
    named('content_block_delta', {
      index: 0,
      delta: { type: 'input_json_delta', partial_json: '{"peo' },
    }),
    named('content_block_stop', { index: 0 }),
    named('message_delta', { delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } }),
    named('message_stop', {}),
  ],
  models: (names) => ({ data: names.map((id) => ({ id, type: 'model' })) }),
};

const gemini: ServerFormat = {
  chatPath: /:streamGenerateContent\?alt=sse$/,
  answer: ({ reasoning, texts = [], calls = [], usage }) => {
    const parts = (...each: object[]) => data({ candidates: [{ content: { role: 'model', parts: each } }] });
    const { prompt = 1, cached = 0, completion = 1 } = usage ?? {};
    return [
      ...(reasoning ? [parts({ text: reasoning, thought: true })] : []),
      ...texts.map((each) => parts({ text: each })),
      ...calls.map(({ id, name, arguments: args }) =>
        parts({ functionCall: { id, name, args: JSON.parse(args) } }),
      ),
      data({
        candidates: [{ content: { parts: [{ text: '' }] }, finishReason: 'STOP' }],
        usageMetadata: {
          promptTokenCount: prompt,
          cachedContentTokenCount: cached,
          candidatesTokenCount: completion,
        },
      }),
    ];
  },
  errorFrame: data({ error: { code: 503, message: 'The model is overloaded', status: 'UNAVAILABLE' } }),
  errorBody: (code) => ({
    error: {
      auth: { code: 403, message: 'API key not valid', status: 'PERMISSION_DENIED' },
      model: { code: 404, message: 'models/x is not found for API version v1beta', status: 'NOT_FOUND' },
      context: {
        code: 400,
        message: 'The input token count (1100000) exceeds the maximum number of tokens allowed',
        status: 'INVALID_ARGUMENT',
      },
      schema: {
        code: 400,
        message: 'Invalid value at tools[0].function_declarations[0].parameters (find_table)',
        status: 'INVALID_ARGUMENT',
      },
    }[code],
  }),
  callsAreObjects: true,
  models: (names) => ({ models: names.map((name) => ({ name: `models/${name}` })) }),
};

/** The server side of a wire format; OpenAI's for an unknown one. */
export function serverFormatOf(wire: Wire): ServerFormat {
  if (wire === anthropicWire) return anthropic;
  if (wire === geminiWire) return gemini;
  return openAi;
}
