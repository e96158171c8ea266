import type { ChatMessage, ChatRequest } from '../model.js';
import { stableTools } from './stable-tools.js';

/** What broke a prefix that the last turn had left in the provider's cache. */
export interface PrefixBreak {
  /** The first thing that differs: `tools`, or a message by its number from 0. */
  at: 'tools' | { message: number; role: ChatMessage['role'] };
  what: 'changed' | 'removed' | 'inserted';
  /** For people, free of transcripts: what happened and how to mend it. */
  advice: string;
  /** Characters of the last prompt after the break: no longer cached, read again and paid again. */
  lostCharacters: number;
}

const size = (messages: ChatMessage[]) =>
  messages.reduce((sum, message) => sum + JSON.stringify(message).length, 0);
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function messageBreak(
  before: ChatMessage[],
  now: ChatMessage[],
): Omit<PrefixBreak, 'lostCharacters'> & { from: number } {
  const from = before.findIndex((message, index) => !same(message, now[index]));
  const role = before[from]!.role;
  const at = { message: from, role };
  if (before.slice(from + 1).some((later) => same(later, now[from]))) {
    return {
      from,
      at,
      what: 'removed',
      advice: `a ${role} message was dropped: trim rarely and in large steps, not every turn`,
    };
  }
  if (now.slice(from + 1).some((later) => same(later, before[from]))) {
    return {
      from,
      at,
      what: 'inserted',
      advice: `something was put before a ${role} message: append it at the end instead`,
    };
  }
  if (now[from] === undefined) {
    return {
      from,
      at,
      what: 'removed',
      advice: `the history is shorter than it was, from a ${role} message on`,
    };
  }
  const advice =
    role === 'system'
      ? 'the instructions changed: move what varies (date, caller, retrieved text) into the last message'
      : `a ${role} message that was already sent changed: send history as it was`;
  return { from, at, what: 'changed', advice };
}

/**
 * Compares this turn's request with the last one's. `undefined` when all of the last prompt is still a prefix of this
 * one, so that a provider's cache can serve it.
 */
export function lintPrefix(before: ChatRequest, now: ChatRequest): PrefixBreak | undefined {
  const tools = (request: ChatRequest) => stableTools(request.tools ?? []);
  if (!same(tools(before), tools(now))) {
    return {
      at: 'tools',
      what: 'changed',
      advice:
        'the tools changed: they come first in the prompt, so give the same list every turn and use toolChoice',
      lostCharacters: size(before.messages) + JSON.stringify(tools(before)).length,
    };
  }
  if (before.messages.every((message, index) => same(message, now.messages[index]))) return undefined;
  const { from, ...found } = messageBreak(before.messages, now.messages);
  return { ...found, lostCharacters: size(before.messages.slice(from)) };
}
