import type { ToolDefinition } from '../chat.js';

/**
 * Tools sorted by name. Every provider places them before the instructions, so a list in another order (built from a
 * Map in import order, for example) would invalidate the whole cached prefix.
 */
export function stableTools(tools: ToolDefinition[]): ToolDefinition[] {
  return [...tools].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
