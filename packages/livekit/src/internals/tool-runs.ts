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
  abortSignal?: AbortSignal;
}

/** A tool that LiveKit is about to run. */
export interface StartedTool {
  speech: voice.SpeechHandle;
  call: llm.FunctionCall;
  tool: llm.FunctionTool<never>;
  /** What the tool returns, or the error it throws. */
  result: Promise<unknown>;
  /** When it was started before the commit, session clock, ms. */
  earlyFromMs?: number | undefined;
}

/** A tool that was started before LiveKit was to run it. */
export interface EarlyRun {
  result: Promise<unknown>;
  /** Session clock, ms. */
  startedMs: number;
}

/** Called for each tool that is run. */
export interface ToolWatcher {
  /** The run whose result is used, where the tool has been started already; `undefined` to run it. */
  earlyRun?(run: { call: llm.FunctionCall }): EarlyRun | undefined;
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
    const { runCtx, tool } = options;
    const { functionCall: call, speechHandle: speech } = runCtx;
    let early: EarlyRun | undefined;
    for (const watcher of all) early ??= watcher.earlyRun?.({ call });
    const given = early?.result;
    const result = given
      ? execute.call(executor, { ...options, tool: { ...tool, execute: () => given } })
      : execute.call(executor, options);
    const earlyFromMs = early?.startedMs;
    for (const watcher of all) watcher.onStart?.({ speech, call, tool, result, earlyFromMs });
    return result;
  };
}
