import type { llm, voice } from '@livekit/agents';

/** What LiveKit's `AgentActivity`, which it does not export, is used for here. */
interface Activity {
  _toolExecutor: ToolExecutor;
}

interface ToolExecutor {
  execute(options: ToolExecution): Promise<unknown>;
}

/** What LiveKit passes to its executor, as far as it is used here. */
interface ToolExecution {
  tool: llm.FunctionTool<never>;
  runCtx: voice.RunContext;
  rawArguments: unknown;
  abortSignal?: AbortSignal;
}

/** A tool that LiveKit is about to run. */
export interface StartedTool {
  speech: voice.SpeechHandle;
  call: llm.FunctionCall;
  tool: llm.FunctionTool<never>;
  /** What the tool returns, or the error it throws. */
  result: Promise<unknown>;
}

/** Called for each tool that is run. */
export interface ToolWatcher {
  /** Another result to use, where the tool has been run already; `undefined` to run it. */
  resultOf?(run: { call: llm.FunctionCall; rawArguments: unknown }): Promise<unknown> | undefined;
  onStart?(run: StartedTool): void;
}

const watchers = new WeakMap<Activity, Set<ToolWatcher>>();

/**
 * Calls `watcher` for the tools that the session's current agent runs. Does nothing before an agent is active.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/tool_executor.ts`, method `execute` of `AgentActivity._toolExecutor`, called by
 *   `voice/generation.ts`, `performToolExecutions`.
 * - If it changes: records have no tools, a filler is not said while a tool runs, and read-only tools do not run with the
 *   speculation. `tools/tool-session.test.ts` fails.
 *
 * @returns a function that stops it
 */
export function watchTools(session: voice.AgentSession, watcher: ToolWatcher): () => void {
  const activity = session._activity as unknown as Activity | undefined;
  if (!activity) return () => {};
  const known = watchers.get(activity);
  const ofActivity = known ?? new Set<ToolWatcher>();
  ofActivity.add(watcher);
  if (!known) {
    watchers.set(activity, ofActivity);
    patch(activity._toolExecutor, ofActivity);
  }
  return () => ofActivity.delete(watcher);
}

function patch(executor: ToolExecutor, all: ReadonlySet<ToolWatcher>): void {
  const { execute } = executor;
  executor.execute = (options) => {
    const { runCtx, rawArguments, tool } = options;
    const { functionCall: call, speechHandle: speech } = runCtx;
    let early: Promise<unknown> | undefined;
    for (const watcher of all) early ??= watcher.resultOf?.({ call, rawArguments });
    const result = early
      ? execute.call(executor, { ...options, tool: { ...tool, execute: () => early } })
      : execute.call(executor, options);
    for (const watcher of all) watcher.onStart?.({ speech, call, tool, result });
    return result;
  };
}
