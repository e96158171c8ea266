import type { ChatMessage, ChatRequest } from '../chat.js';
import type { PrefixBreak } from '../trace.js';
import { stableTools } from './stable-tools.js';

/** A prompt as it is compared: in the order in which a provider reads it, each part as text. */
export interface PromptParts {
  tools: string;
  messages: { role: ChatMessage['role']; text: string }[];
}

export function promptParts(request: ChatRequest): PromptParts {
  return {
    tools: JSON.stringify(stableTools(request.tools ?? [])),
    messages: request.messages.map((message) => ({ role: message.role, text: JSON.stringify(message) })),
  };
}

export const countCharacters = ({ tools, messages }: PromptParts) =>
  messages.reduce((sum, { text }) => sum + text.length, tools.length);

type Messages = PromptParts['messages'];

function describe(before: Messages, now: Messages, from: number): Pick<PrefixBreak, 'what' | 'advice'> {
  const { role, text } = before[from]!;
  const next = now[from]?.text;
  if (next === undefined)
    return { what: 'removed', advice: `the history is shorter than it was, from a ${role} message on` };
  if (before.slice(from + 1).some((later) => later.text === next))
    return {
      what: 'removed',
      advice: `a ${role} message was dropped: trim rarely and in large steps, not every turn`,
    };
  if (now.slice(from + 1).some((later) => later.text === text))
    return {
      what: 'inserted',
      advice: `something was put before a ${role} message: append it at the end instead`,
    };
  const advice =
    role === 'system'
      ? 'the instructions changed: move what varies (date, caller, retrieved text) into the last message'
      : `a ${role} message that was already sent changed: send history as it was`;
  return { what: 'changed', advice };
}

export function lintParts(before: PromptParts, now: PromptParts): PrefixBreak | undefined {
  if (before.tools !== now.tools) {
    return {
      at: 'tools',
      what: 'changed',
      advice:
        'the tools changed: they come first in the prompt, so give the same list every turn and use toolChoice',
      lostCharacters: countCharacters(before),
    };
  }
  const from = before.messages.findIndex(({ text }, index) => text !== now.messages[index]?.text);
  if (from < 0) return undefined;
  return {
    at: { message: from, role: before.messages[from]!.role },
    ...describe(before.messages, now.messages, from),
    lostCharacters: countCharacters({ tools: '', messages: before.messages.slice(from) }),
  };
}

/**
 * Compares this turn's request with the last one's. `undefined` when all of the last prompt is still a prefix of this
 * one, so that a provider's cache can serve it. Every model does this by itself: see `prefixBreak` in its traces, which
 * also tells the cost.
 */
export function lintPrefix(before: ChatRequest, now: ChatRequest): PrefixBreak | undefined {
  return lintParts(promptParts(before), promptParts(now));
}
