import type { DialectRequest } from '../answer/dialect.js';
import { GatewayError } from '../answer/failure.js';
import {
  fieldsOf,
  isFields,
  type JsonFields,
  listOf,
  optionalBoolean,
  optionalNumber,
  optionalText,
  textOf,
} from '../answer/fields.js';
import { readOpenAiChat } from '../openai-chat/read.js';
import type { ConversationStore } from './conversation-store.js';
import { isSet, withInput } from './input-items.js';

/** A request to OpenAI's Responses API. */
export interface OpenAiResponsesRequest extends DialectRequest {
  /** The request as the client sent it. The response repeats some of its fields. */
  body: JsonFields;
  /** The conversation so far without instructions, as messages of chat completions. */
  conversation: readonly JsonFields[];
}

/** Refused rather than ignored: the client would wait for something that never comes. */
const WITHOUT_EFFECT: readonly [field: string, instead: string][] = [
  ['background', 'send the request without it, and read the answer'],
  ['conversation', 'send the whole input, or previous_response_id'],
  ['prompt', 'send instructions and input'],
  ['top_logprobs', 'leave it out'],
  ['max_tool_calls', 'leave it out: the gateway runs no tools'],
];

function refuseWhatHasNoEffect(body: JsonFields): void {
  for (const [field, instead] of WITHOUT_EFFECT) {
    if (isSet(body[field])) throw new GatewayError(400, `the gateway does not support ${field}: ${instead}`);
  }
}

function toTool(value: unknown, name: string): JsonFields {
  const { type, ...fn } = fieldsOf(value, name);
  if (type !== 'function') {
    throw new GatewayError(
      400,
      `${name}: the gateway takes no tools of the type ${String(type).slice(0, 40)}; its models run at several providers, which have only function tools in common`,
    );
  }
  textOf(fn.name, `${name}.name`);
  const given = Object.entries(fn).filter(([, field]) => field !== null);
  return { type: 'function', function: Object.fromEntries(given) };
}

function toToolChoice(value: unknown): unknown {
  if (typeof value === 'string') return value;
  const choice = fieldsOf(value, 'tool_choice');
  // LiveKit's plugin for Node sends the form of chat completions here too.
  const fn = isFields(choice.function) ? choice.function : choice;
  if (choice.type === 'function' && typeof fn.name === 'string') {
    return { type: 'function', function: { name: fn.name } };
  }
  throw new GatewayError(400, 'tool_choice must be auto, none, required, or {"type": "function", "name": …}');
}

function toResponseFormat(value: unknown): JsonFields | undefined {
  const { type, ...format } = fieldsOf(value, 'text.format');
  if (type === 'text') return undefined;
  if (type === 'json_object') return { type };
  if (type === 'json_schema') {
    textOf(format.name, 'text.format.name');
    fieldsOf(format.schema, 'text.format.schema');
    return { type, json_schema: format };
  }
  throw new GatewayError(400, 'text.format.type must be text, json_object or json_schema');
}

/** JsonFields that both APIs have, under the same name. */
const SHARED = [
  'parallel_tool_calls',
  'temperature',
  'top_p',
  'service_tier',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
  'user',
];

/** The same request to chat completions. */
function toChatBody(body: JsonFields, conversation: readonly JsonFields[]): JsonFields {
  const text = isSet(body.text) ? fieldsOf(body.text, 'text') : {};
  const reasoning = isSet(body.reasoning) ? fieldsOf(body.reasoning, 'reasoning') : {};
  const instructions = optionalText(body.instructions, 'instructions');
  const tools = listOf(body.tools, 'tools').map((tool, at) => toTool(tool, `tools[${at}]`));
  const hasTools = tools.length > 0;
  const fields: JsonFields = {
    messages: [...(instructions ? [{ role: 'system', content: instructions }] : []), ...conversation],
    tools: hasTools ? tools : undefined,
    tool_choice: hasTools && isSet(body.tool_choice) ? toToolChoice(body.tool_choice) : undefined,
    response_format: isSet(text.format) ? toResponseFormat(text.format) : undefined,
    verbosity: optionalText(text.verbosity, 'text.verbosity'),
    reasoning_effort: optionalText(reasoning.effort, 'reasoning.effort'),
    max_completion_tokens: optionalNumber(body.max_output_tokens, 'max_output_tokens'),
    ...Object.fromEntries(SHARED.map((name) => [name, body[name]])),
  };
  if (!hasTools) delete fields.parallel_tool_calls;
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}

/**
 * Reads a Responses request: as a chat completion request, which is what providers other than OpenAI have too.
 * @param conversations those that `previous_response_id` may name
 * @throws GatewayError 400 that names the field, or the code `previous_response_not_found`
 */
export function readOpenAiResponses(
  value: unknown,
  conversations: ConversationStore,
): OpenAiResponsesRequest {
  const body = fieldsOf(value, 'the request body');
  refuseWhatHasNoEffect(body);
  const previous = optionalText(body.previous_response_id, 'previous_response_id');
  const conversation = withInput(previous ? conversations.read(previous) : [], body.input ?? [], (id) =>
    conversations.item(id),
  );
  if (conversation.length === 0) throw new GatewayError(400, 'input must have text or at least one item');
  const model = textOf(body.model, 'model');
  const { chat } = readOpenAiChat({ model, ...toChatBody(body, conversation) });
  return { model, stream: optionalBoolean(body.stream, 'stream') ?? false, chat, body, conversation };
}
