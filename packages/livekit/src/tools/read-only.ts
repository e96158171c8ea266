/** An enumerable property: LiveKit's agents use a copy of the tool. */
const READ_ONLY = Symbol.for('firstword.readOnly');
let isAnyMarked = false;

/**
 * Marks a tool as read-only: it changes nothing, so that it may be run before the caller's turn is committed, with the speculation,
 * and again if that is discarded. Its result is used if the answer is kept. Do not mark tools that book, send or charge.
 *
 * @param tool what LiveKit's `llm.tool` returns
 * @returns the tool itself
 */
export function readOnly<Tool extends object>(tool: Tool): Tool {
  Reflect.set(tool, READ_ONLY, true);
  isAnyMarked = true;
  return tool;
}

/** Whether a tool is marked as read-only. */
export const isReadOnly = (tool: object): boolean => Reflect.get(tool, READ_ONLY) === true;

/** Whether any tool of this process is. */
export const hasReadOnlyTools = (): boolean => isAnyMarked;
