import type { ChatMessage } from '../chat.js';
import { isJsonObject } from './schema.js';

/** Consecutive messages of one side. */
export interface RequestTurn {
  role: 'user' | 'assistant';
  messages: ChatMessage[];
}

/** A conversation in the form that Anthropic's and Gemini's APIs take. */
export interface RequestConversation {
  /** The system messages at the beginning. */
  system: ChatMessage[];
  /** Begins and ends with a user turn; the sides alternate. */
  turns: RequestTurn[];
}

/**
 * Text of a user turn in which the caller has said nothing: before a greeting, and when the agent speaks again after a
 * silence. Both APIs refuse a conversation that does not begin and end with the user.
 */
const SILENCE: ChatMessage = { role: 'user', content: '(silence)' };

/**
 * A system message in the middle of a conversation, as a user message: neither API takes it where it is (Anthropic's only
 * for some models). Moved into the system text at the beginning, it would change the cached prefix of the prompt.
 */
function asUserMessage({ content }: ChatMessage): ChatMessage {
  const tagged = (text: string) => `<system_message>\n${text}\n</system_message>`;
  if (typeof content === 'string') return { role: 'user', content: tagged(content) };
  return {
    role: 'user',
    content: content.map((part) => (part.type === 'text' ? { ...part, text: tagged(part.text) } : part)),
  };
}

/** An empty message is left out: Anthropic refuses blank text, and Gemini a turn without parts. */
function isEmpty({ role, content, toolCalls }: ChatMessage): boolean {
  if (role === 'tool' || toolCalls?.length) return false;
  return typeof content === 'string'
    ? content.trim() === ''
    : content.every((part) => part.type === 'text' && part.text.trim() === '');
}

/** Splits a conversation into its system text and its turns. */
export function conversationOf(messages: ChatMessage[]): RequestConversation {
  const filled = messages.filter((message) => !isEmpty(message));
  const begin = filled.findIndex(({ role }) => role !== 'system');
  const system = begin === -1 ? filled : filled.slice(0, begin);
  const turns: RequestTurn[] = [];
  const add = (role: RequestTurn['role'], message: ChatMessage) => {
    const last = turns.at(-1);
    if (last?.role === role) last.messages.push(message);
    else turns.push({ role, messages: [message] });
  };
  const spoken = filled.slice(system.length);
  if (spoken.length === 0 || spoken[0]?.role === 'assistant') add('user', SILENCE);
  for (const message of spoken) {
    if (message.role === 'assistant') add('assistant', message);
    else add('user', message.role === 'system' ? asUserMessage(message) : message);
  }
  if (turns.at(-1)?.role === 'assistant') add('user', SILENCE);
  return { system, turns: turns.map(resultsFirst) };
}

/** Results must directly follow the calls, even if a system message was added in between. */
function resultsFirst({ role, messages }: RequestTurn): RequestTurn {
  const isResult = (message: ChatMessage) => message.role === 'tool';
  const others = messages.filter((message) => !isResult(message));
  return { role, messages: [...messages.filter(isResult), ...others] };
}

/** The arguments of an earlier call. Both APIs refuse a conversation in which they are not an object. */
export function argumentsObject(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text.trim() || '{}');
  return isJsonObject(value) ? value : {};
}
