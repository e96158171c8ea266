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
import type { RequestErrorKind } from '../chat/request-error.js';
import type { FinishReason, ScriptEvent } from '../response/response-script.js';
import type { EventEncoder } from '../response/script-player.js';
import {
  decodeSegment,
  type Fields,
  fieldsOf,
  invalidRequest,
  isFields,
  listOf,
  nonEmptyList,
  numberOr,
  stringOr,
} from './fields.js';
import { readSchema } from './schema.js';
import type { ReplyContext, RequestTarget, WireFormat } from './wire.js';

const PATH = /\/models\/([^/:]+):(generateContent|streamGenerateContent)$/;

/** Gemini's `generateContent` and `streamGenerateContent?alt=sse`. */
export const geminiWire: WireFormat = {
  name: 'gemini',
  matches: ({ method, path }) => method === 'POST' && PATH.test(path),
  listsModels: ({ path }) => /\/v1(alpha|beta)\/models/.test(path),
  modelEntry: (id) => ({
    name: `models/${id}`,
    displayName: `${id} (emulated)`,
    supportedGenerationMethods: ['generateContent'],
  }),
  modelList: (models) => ({ models }),
  readRequest,
  readKey: (headers, { query }) => {
    const key = headers['x-goog-api-key'];
    return typeof key === 'string' ? key : (query.get('key') ?? undefined);
  },
  headers: () => ({}),
  encoder: (context) => new GeminiEncoder(context),
  complete,
  errorBody: (error) => errorFields(error.status, error.message, STATUSES[error.kind]),
  errorFrame: (message) => frame(errorFields(503, message, 'UNAVAILABLE')),
};

const STATUSES: Record<RequestErrorKind, string> = {
  invalid_request: 'INVALID_ARGUMENT',
  unauthorized: 'UNAUTHENTICATED',
  forbidden: 'PERMISSION_DENIED',
  not_found: 'NOT_FOUND',
  model_not_found: 'NOT_FOUND',
  too_large: 'INVALID_ARGUMENT',
  rate_limited: 'RESOURCE_EXHAUSTED',
  unavailable: 'UNAVAILABLE',
  internal: 'INTERNAL',
};

function errorFields(code: number, message: string, status: string): Fields {
  return { error: { code, message, status } };
}

function readRequest(body: unknown, target: RequestTarget): EmulatedRequest {
  const fields = fieldsOf(body, 'body');
  const [, model = '', verb] = PATH.exec(target.path) ?? [];
  const isStream = verb === 'streamGenerateContent';
  if (isStream && target.query.get('alt') !== 'sse') {
    throw invalidRequest("The emulator streams server-sent events only: add '?alt=sse'.");
  }
  const config = fieldsIn(fields, 'generationConfig', 'generation_config');
  const instruction = fieldsIn(fields, 'systemInstruction', 'system_instruction');
  const contents = nonEmptyList(fields.contents, 'contents').flatMap(readContent);
  const system = partsText(instruction);
  const tools = listOf(fields.tools, 'tools').flatMap(readTools);
  const messages: EmulatedMessage[] =
    system === '' ? contents : [{ role: 'system', text: system, toolCalls: [] }, ...contents];
  const prompt = renderPrompt(tools, messages);
  return {
    model: decodeSegment(model),
    messages,
    tools,
    toolChoice: readToolChoice(fieldsIn(fields, 'toolConfig', 'tool_config'), tools),
    parallelTools: true,
    stream: isStream,
    includeUsage: true,
    maxTokens: numberOr(config.maxOutputTokens, undefined),
    reasoningEffort: reasoningEffortOf(config),
    cacheKey: undefined,
    prompt,
    cacheable: prompt,
  };
}

/** A nested object, in either spelling that Gemini accepts; empty if it is missing. */
function fieldsIn(fields: Fields, camel: string, snake: string): Fields {
  const value = fields[camel] ?? fields[snake];
  return isFields(value) ? value : {};
}

function reasoningEffortOf(config: Fields): string {
  const thinking = isFields(config.thinkingConfig) ? config.thinkingConfig : {};
  if (typeof thinking.thinkingLevel === 'string') return thinking.thinkingLevel.toLowerCase();
  return thinking.includeThoughts === true && thinking.thinkingBudget !== 0 ? 'medium' : 'none';
}

function partsOf(content: Fields): Fields[] {
  return listOf(content.parts, 'parts').filter(isFields);
}

function partsText(content: Fields): string {
  return partsOf(content)
    .map((part) => stringOr(part.text, ''))
    .filter((text) => text !== '')
    .join(' ');
}

/** Gemini refers to a tool call by the function's name; newer models also by an id. */
function readContent(value: unknown, index: number): EmulatedMessage[] {
  const content = fieldsOf(value, `contents[${index}]`);
  const parts = partsOf(content);
  const results = parts
    .map((part) => part.functionResponse)
    .filter(isFields)
    .map(
      (result): EmulatedMessage => ({
        role: 'tool',
        text: JSON.stringify(result.response ?? {}),
        toolCalls: [],
        toolCallId: stringOr(result.id, stringOr(result.name, undefined)),
      }),
    );
  const toolCalls = parts
    .map((part) => part.functionCall)
    .filter(isFields)
    .map(readCall);
  const text = partsText(content);
  if (text === '' && results.length > 0) return results;
  return [...results, { role: content.role === 'model' ? 'assistant' : 'user', text, toolCalls }];
}

function readCall(call: Fields): EmulatedToolCall {
  const name = stringOr(call.name, '');
  return { id: stringOr(call.id, name), name, arguments: JSON.stringify(call.args ?? {}) };
}

function readTools(value: unknown, index: number): OfferedTool[] {
  const tool = fieldsOf(value, `tools[${index}]`);
  const declarations = tool.functionDeclarations ?? tool.function_declarations;
  return listOf(declarations, `tools[${index}].functionDeclarations`)
    .filter(isFields)
    .map((declaration) => {
      const parameters = declaration.parametersJsonSchema ?? declaration.parameters;
      return {
        name: stringOr(declaration.name, ''),
        description: stringOr(declaration.description, ''),
        parameters: readSchema(parameters, `tools[${index}].parameters`),
      };
    });
}

function readToolChoice(config: Fields, tools: OfferedTool[]): EmulatedToolChoice {
  const calling = fieldsIn(config, 'functionCallingConfig', 'function_calling_config');
  if (calling.mode === 'NONE') return 'none';
  if (calling.mode !== 'ANY') return 'auto';
  const allowed = listOf(calling.allowedFunctionNames, 'allowedFunctionNames');
  const only = allowed.length === 1 ? tools.find((tool) => tool.name === allowed[0]) : undefined;
  return only ? { name: only.name } : 'required';
}

const FINISH: Record<FinishReason, string> = { stop: 'STOP', length: 'MAX_TOKENS', tools: 'STOP' };

function usageFields(usage: EmulatedUsage): Fields {
  return {
    promptTokenCount: usage.promptTokens,
    candidatesTokenCount: usage.completionTokens - usage.reasoningTokens,
    totalTokenCount: usage.promptTokens + usage.completionTokens,
    ...(usage.cachedTokens > 0 ? { cachedContentTokenCount: usage.cachedTokens } : {}),
    ...(usage.reasoningTokens > 0 ? { thoughtsTokenCount: usage.reasoningTokens } : {}),
  };
}

function responseFields(context: ReplyContext, parts: Fields[], finish: Fields, usage: Fields): Fields {
  return {
    candidates: [{ content: { parts, role: 'model' }, index: 0, ...finish }],
    usageMetadata: usage,
    modelVersion: `${context.request.model}-emulated`,
    responseId: `emulated-${context.id}`,
  };
}

function callPart(call: EmulatedToolCall): Fields {
  return { functionCall: { id: call.id, name: call.name, args: JSON.parse(call.arguments) } };
}

function frame(data: Fields): string {
  return `data: ${JSON.stringify(data)}\r\n\r\n`;
}

/** Gemini sends no chunk without content at the start, and each function call in one piece. */
class GeminiEncoder implements EventEncoder {
  readonly #context: ReplyContext;

  constructor(context: ReplyContext) {
    this.#context = context;
  }

  encode(event: ScriptEvent): string {
    switch (event.kind) {
      case 'reasoning':
        return this.#chunk([{ text: event.text, thought: true }]);
      case 'text':
        return this.#chunk([{ text: event.text }]);
      case 'tool':
        return this.#chunk([callPart(event.call)]);
      case 'finish':
        return this.#chunk([{ text: '' }], { finishReason: FINISH[event.reason] }, usageFields(event.usage));
      default:
        return '';
    }
  }

  #chunk(parts: Fields[], finish: Fields = {}, usage?: Fields): string {
    const { promptTokens } = this.#context.usage;
    const known = usage ?? { promptTokenCount: promptTokens, totalTokenCount: promptTokens };
    return frame(responseFields(this.#context, parts, finish, known));
  }
}

function complete(
  context: ReplyContext,
  answer: EmulatedAnswer,
  reasoning: string,
  reason: FinishReason,
): Fields {
  const parts: Fields[] = [
    ...(reasoning === '' ? [] : [{ text: reasoning, thought: true }]),
    ...(answer.text === '' ? [] : [{ text: answer.text }]),
    ...answer.toolCalls.map(callPart),
  ];
  return responseFields(context, parts, { finishReason: FINISH[reason] }, usageFields(context.usage));
}
