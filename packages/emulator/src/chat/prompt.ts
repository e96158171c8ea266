import type { EmulatedMessage, OfferedTool } from './chat.js';

/**
 * The model's whole input as one text: tools first, then the messages in order. Token counts and prompt caches use this
 * text, so the same conversation has the same counts in every wire format.
 */
export function renderPrompt(tools: readonly OfferedTool[], messages: readonly EmulatedMessage[]): string {
  return tools.map(renderTool).join('') + messages.map(renderMessage).join('');
}

function renderTool(tool: OfferedTool): string {
  return `tool\n${tool.name} ${tool.description} ${JSON.stringify(tool.parameters)}\n`;
}

function renderMessage(message: EmulatedMessage): string {
  const calls = message.toolCalls.map((call) => `${call.name} ${call.arguments}\n`);
  return `${message.role}\n${message.text}\n${calls.join('')}`;
}
