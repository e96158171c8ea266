import type { ToolDefinition } from '../chat.js';

/**
 * Tools in the order of their names. They come before the instructions in every provider's cached prefix, so a list
 * that is put together in another order (a Map filled by imports, say) costs the whole cache.
 */
export function stableTools(tools: ToolDefinition[]): ToolDefinition[] {
  return [...tools].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
