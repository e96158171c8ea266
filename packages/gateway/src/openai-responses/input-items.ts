import { GatewayError } from '../answer/failure.js';
import { fieldsOf, isFields, type JsonFields, listOf, optionalText, textOf } from '../answer/fields.js';

const ROLES: Readonly<Record<string, string>> = {
  user: 'user',
  assistant: 'assistant',
  system: 'system',
  developer: 'developer',
};

/** What an input continues. */
interface Continued {
  /** Messages of the stored conversation. */
  stored: number;
  /** Finds a stored item by its id. @throws GatewayError where there is none */
  itemOf: (id: string) => JsonFields;
}

/** A part of a message, as chat completions call it. */
function toPart(value: unknown, name: string): JsonFields {
  const part = fieldsOf(value, name);
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return { type: 'text', text: textOf(part.text, `${name}.text`) };
    case 'refusal':
      return { type: 'text', text: textOf(part.refusal, `${name}.refusal`) };
    case 'input_image': {
      // Without an image_url it is a file_id, which only OpenAI's file store can resolve.
      const url = textOf(part.image_url, `${name}.image_url`);
      const detail = optionalText(part.detail, `${name}.detail`);
      return { type: 'image_url', image_url: { url, ...(detail === undefined ? {} : { detail }) } };
    }
    default:
      throw new GatewayError(
        400,
        `${name}: the gateway takes no content of the type ${String(part.type).slice(0, 40)}; send text (input_text) or images by URL (input_image)`,
      );
  }
}

/** Text where all of it is text: many servers take parts only from users. */
function toContent(value: unknown, name: string): string | JsonFields[] {
  if (typeof value === 'string') return value;
  const parts = listOf(value, name).map((part, at) => toPart(part, `${name}[${at}]`));
  return parts.every(({ type }) => type === 'text') ? parts.map(({ text }) => text).join('') : parts;
}

const callsOf = ({ tool_calls: calls }: JsonFields): JsonFields[] => (Array.isArray(calls) ? calls : []);

/** Adds a tool call to the assistant's message that it belongs to: the last one, unless a result came since. */
function addCall(messages: JsonFields[], call: JsonFields): void {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') {
    messages.push({ role: 'assistant', content: null, tool_calls: [call] });
    return;
  }
  // LiveKit's plugins send the calls of the previous response again.
  if (callsOf(last).some(({ id }) => id === call.id)) return;
  messages[messages.length - 1] = { ...last, tool_calls: [...callsOf(last), call] };
}

/**
 * Whether an assistant's message is what the caller heard of the previous response: LiveKit's plugins send it again, and cut
 * where the caller interrupted.
 */
function isHeardPart(previous: JsonFields | undefined, message: JsonFields): boolean {
  const [whole, heard] = [previous?.content, message.content];
  if (previous?.role !== 'assistant' || message.role !== 'assistant') return false;
  return (
    typeof whole === 'string' &&
    typeof heard === 'string' &&
    heard !== '' &&
    whole.startsWith(heard.trimEnd())
  );
}

function addItem(messages: JsonFields[], value: unknown, name: string, continued: Continued): void {
  const item = fieldsOf(value, name);
  const { type = 'message' } = item;
  switch (type) {
    case 'message': {
      const role = ROLES[textOf(item.role, `${name}.role`)];
      if (!role) throw new GatewayError(400, `${name}.role must be user, assistant, system or developer`);
      const message = { role, content: toContent(item.content, `${name}.content`) };
      const last = messages.at(-1);
      const isNext = messages.length === continued.stored;
      if (isNext && isHeardPart(last, message)) messages[messages.length - 1] = { ...last, ...message };
      else messages.push(message);
      return;
    }
    case 'function_call': {
      const fn = {
        name: textOf(item.name, `${name}.name`),
        arguments: textOf(item.arguments, `${name}.arguments`),
      };
      addCall(messages, { id: textOf(item.call_id, `${name}.call_id`), type: 'function', function: fn });
      return;
    }
    case 'function_call_output': {
      const id = textOf(item.call_id, `${name}.call_id`);
      messages.push({ role: 'tool', tool_call_id: id, content: toContent(item.output, `${name}.output`) });
      return;
    }
    case 'item_reference':
      // The Vercel AI SDK refers to earlier answers in this way unless it is told not to store them.
      addItem(messages, continued.itemOf(textOf(item.id, `${name}.id`)), name, continued);
      return;
    case 'reasoning':
      // Of another answer, and often encrypted for one provider: no other model can read it.
      return;
    default:
      throw new GatewayError(
        400,
        `${name}: the gateway takes no items of the type ${String(type).slice(0, 40)}; send messages, function calls and their outputs`,
      );
  }
}

/**
 * Appends the items of a Responses input, a text or a list, to messages of chat completions.
 * @param itemOf the stored item that an item reference names
 * @returns a new list; the messages that were given stay as they are
 * @throws GatewayError 400 for what no chat model can take
 */
export function withInput(
  earlier: readonly JsonFields[],
  input: unknown,
  itemOf: Continued['itemOf'],
): JsonFields[] {
  if (typeof input === 'string') return [...earlier, { role: 'user', content: input }];
  const messages = [...earlier];
  const continued = { stored: earlier.length, itemOf };
  for (const [at, item] of listOf(input, 'input').entries())
    addItem(messages, item, `input[${at}]`, continued);
  return messages;
}

/** Whether a value is set to something that has an effect. */
export const isSet = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== false &&
  value !== 0 &&
  !(isFields(value) && Object.keys(value).length === 0);
