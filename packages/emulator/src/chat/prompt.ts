import type { ChatMessage, ToolOffer } from './chat.js';

/**
 * What a model reads, as one text: tools first, then the messages in order, as providers hash it. Token counts and
 * prompt caches work on this, so the same conversation counts the same on every wire.
 */
export function renderPrompt(tools: readonly ToolOffer[], messages: readonly ChatMessage[]): string {
  return tools.map(renderTool).join('') + messages.map(renderMessage).join('');
}

function renderTool(tool: ToolOffer): string {
  return `tool\n${tool.name} ${tool.description} ${JSON.stringify(tool.parameters)}\n`;
}

function renderMessage(message: ChatMessage): string {
  const calls = message.toolCalls.map((call) => `${call.name} ${call.arguments}\n`);
  return `${message.role}\n${message.text}\n${calls.join('')}`;
}
