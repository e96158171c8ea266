import type { ChatMessage, ChatRequest, ContentPart, ToolChoice, ToolDefinition } from '@firstword/llm';
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

/** Collects what a converted request would lack. */
type Unconvertible = Set<string>;

/** What one block of a message becomes. */
interface ReadBlocks {
  parts: ContentPart[];
  calls: NonNullable<ChatMessage['toolCalls']>;
  results: ChatMessage[];
}

function readImage(source: unknown, name: string, lost: Unconvertible): ContentPart[] {
  const { type, ...image } = fieldsOf(source, `${name}.source`);
  if (type === 'base64') {
    const mediaType = textOf(image.media_type, `${name}.source.media_type`);
    return [{ type: 'image', url: `data:${mediaType};base64,${textOf(image.data, `${name}.source.data`)}` }];
  }
  if (type === 'url') return [{ type: 'image', url: textOf(image.url, `${name}.source.url`) }];
  lost.add('an image that is neither inline nor a URL');
  return [];
}

/** The text and images of a tool's result. */
function readResultContent(content: unknown, name: string, lost: Unconvertible): ChatMessage['content'] {
  if (content === undefined || content === null) return '';
  if (typeof content === 'string') return content;
  return listOf(content, name).flatMap((value, index) => {
    const at = `${name}[${index}]`;
    const block = fieldsOf(value, at);
    if (block.type === 'text') return [{ type: 'text' as const, text: textOf(block.text, `${at}.text`) }];
    if (block.type === 'image') return readImage(block.source, at, lost);
    lost.add(`a block of type ${textOf(block.type, `${at}.type`).slice(0, 40)}`);
    return [];
  });
}

function readBlock(value: unknown, at: string, into: ReadBlocks, lost: Unconvertible): void {
  const block = fieldsOf(value, at);
  switch (block.type) {
    case 'text':
      into.parts.push({ type: 'text', text: textOf(block.text, `${at}.text`) });
      break;
    case 'image':
      into.parts.push(...readImage(block.source, at, lost));
      break;
    case 'tool_use':
      into.calls.push({
        id: textOf(block.id, `${at}.id`),
        name: textOf(block.name, `${at}.name`),
        arguments: JSON.stringify(block.input ?? {}),
      });
      break;
    case 'tool_result':
      into.results.push({
        role: 'tool',
        toolCallId: textOf(block.tool_use_id, `${at}.tool_use_id`),
        content: readResultContent(block.content, `${at}.content`, lost),
      });
      break;
    case 'thinking':
    case 'redacted_thinking':
      // Only the model that wrote it can read its signature; another one answers without it.
      break;
    default:
      lost.add(`a block of type ${textOf(block.type, `${at}.type`).slice(0, 40)}`);
  }
}

/** Results of tools are messages of their own, before the rest of the user's message. */
function readMessage(value: unknown, index: number, lost: Unconvertible): ChatMessage[] {
  const at = `messages[${index}]`;
  const { role, content } = fieldsOf(value, at);
  if (role !== 'user' && role !== 'assistant' && role !== 'system')
    throw new GatewayError(400, `${at}.role must be "user" or "assistant"`);
  if (typeof content === 'string') return [{ role, content }];
  const read: ReadBlocks = { parts: [], calls: [], results: [] };
  for (const [nth, block] of listOf(content, `${at}.content`).entries())
    readBlock(block, `${at}.content[${nth}]`, read, lost);
  const { parts, calls, results } = read;
  const rest: ChatMessage = { role, content: parts, ...(calls.length > 0 ? { toolCalls: calls } : {}) };
  return parts.length > 0 || calls.length > 0 || results.length === 0 ? [...results, rest] : results;
}

function readSystem(value: unknown): ChatMessage[] {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value === 'string') return [{ role: 'system', content: value }];
  const content = listOf(value, 'system').map((block, index) => {
    const { text } = fieldsOf(block, `system[${index}]`);
    return { type: 'text' as const, text: textOf(text, `system[${index}].text`) };
  });
  return content.length > 0 ? [{ role: 'system', content }] : [];
}

function readTool(value: unknown, index: number, lost: Unconvertible): ToolDefinition[] {
  const at = `tools[${index}]`;
  const tool = fieldsOf(value, at);
  if (tool.type !== undefined && tool.type !== null && tool.type !== 'custom') {
    lost.add(`a tool of type ${textOf(tool.type, `${at}.type`).slice(0, 40)}`);
    return [];
  }
  return [
    defined<ToolDefinition>({
      name: textOf(tool.name, `${at}.name`),
      description: optionalText(tool.description, `${at}.description`),
      parameters: fieldsOf(tool.input_schema, `${at}.input_schema`),
    }),
  ];
}

function readToolChoice(choice: JsonFields | undefined, lost: Unconvertible): ToolChoice | undefined {
  switch (choice?.type) {
    case undefined:
      return undefined;
    case 'auto':
    case 'none':
      return choice?.type;
    case 'any':
      return 'required';
    case 'tool':
      return { name: textOf(choice?.name, 'tool_choice.name') };
    default:
      lost.add('this tool_choice');
      return undefined;
  }
}

/** JsonFields that change what the answer is, and that no other API has in the same form. */
const ANSWER_FIELDS = ['output_config', 'output_format', 'mcp_servers', 'container'];

/**
 * Reads a request to Anthropic's Messages API. The body is passed on as it is to models with the same API; the rest is for
 * the router, and for models with another one.
 * @throws GatewayError 400 that names the field
 */
export function readAnthropicMessages(value: unknown): DialectRequest {
  const body = fieldsOf(value, 'the request body');
  const lost: Unconvertible = new Set(
    ANSWER_FIELDS.filter((name) => body[name] !== undefined && body[name] !== null),
  );
  const messages = listOf(body.messages, 'messages').flatMap((message, index) =>
    readMessage(message, index, lost),
  );
  if (messages.length === 0) throw new GatewayError(400, 'messages must have at least one message');
  const tools = listOf(body.tools, 'tools').flatMap((tool, index) => readTool(tool, index, lost));
  const choice = isFields(body.tool_choice) ? body.tool_choice : undefined;
  const isSingle = optionalBoolean(
    choice?.disable_parallel_tool_use,
    'tool_choice.disable_parallel_tool_use',
  );
  const stop = listOf(body.stop_sequences, 'stop_sequences').map((text, index) =>
    textOf(text, `stop_sequences[${index}]`),
  );
  return {
    model: textOf(body.model, 'model'),
    stream: optionalBoolean(body.stream, 'stream') ?? false,
    chat: defined<ChatRequest>({
      messages: [...readSystem(body.system), ...messages],
      tools: tools.length > 0 ? tools : undefined,
      toolChoice: readToolChoice(choice, lost),
      parallelToolCalls: isSingle === undefined ? undefined : !isSingle,
      maxCompletionTokens: optionalNumber(body.max_tokens, 'max_tokens'),
      temperature: optionalNumber(body.temperature, 'temperature'),
      topP: optionalNumber(body.top_p, 'top_p'),
      stop: stop.length > 0 ? stop : undefined,
      raw: { wire: 'anthropic-messages', body, unconvertible: [...lost] },
    }),
  };
}
