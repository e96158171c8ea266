import type { ChatMessage, ChatRequest } from '../chat.js';
import type { PrefixBreak } from '../trace.js';
import { stableTools } from './stable-tools.js';

/** A prompt, prepared for comparison: its parts as text, in the order in which a provider processes them. */
export interface PromptParts {
  tools: string;
  messages: { role: ChatMessage['role']; text: string }[];
}

/** The parts of a request's prompt. */
export function promptParts(request: ChatRequest): PromptParts {
  return {
    tools: JSON.stringify(stableTools(request.tools ?? [])),
    messages: request.messages.map((message) => ({ role: message.role, text: JSON.stringify(message) })),
  };
}

/** Total length of the parts, characters. */
export const countCharacters = ({ tools, messages }: PromptParts) =>
  messages.reduce((sum, { text }) => sum + text.length, tools.length);

type Messages = PromptParts['messages'];

function describe(before: Messages, now: Messages, from: number): Pick<PrefixBreak, 'what' | 'advice'> {
  const { role, text } = before[from]!;
  const next = now[from]?.text;
  if (next === undefined)
    return { what: 'removed', advice: `the history became shorter, from a ${role} message on` };
  if (before.slice(from + 1).some((later) => later.text === next))
    return {
      what: 'removed',
      advice: `a ${role} message was dropped: trim rarely and in large steps, not every turn`,
    };
  if (now.slice(from + 1).some((later) => later.text === text))
    return {
      what: 'inserted',
      advice: `something was inserted before a ${role} message: append it at the end instead`,
    };
  const advice =
    role === 'system'
      ? 'the instructions changed: move the parts that vary (date, caller, retrieved text) into the last message'
      : `a ${role} message that was already sent has changed: send the history unchanged`;
  return { what: 'changed', advice };
}

/** Like `lintPrefix`, for prompts that are already split into parts. */
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
 * Compares this turn's request with the previous one. `undefined` if the whole previous prompt is a prefix of this
 * one, so that the provider's cache can serve it. Every model runs this on its own requests: see `prefixBreak` in its
 * traces, which also contains the cost.
 */
export function lintPrefix(before: ChatRequest, now: ChatRequest): PrefixBreak | undefined {
  return lintParts(promptParts(before), promptParts(now));
}
