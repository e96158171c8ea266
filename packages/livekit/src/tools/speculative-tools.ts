import type { ReadableStream } from 'node:stream/web';
import { type Clock, systemClock } from '@firstword/turn';
import { type llm, voice } from '@livekit/agents';
import { wrapAgentMethod } from '../internals/agent-methods.js';
import { type EarlyRun, watchTools } from '../internals/tool-runs.js';
import { currentSpeculation, type Speech } from '../llm/speech-context.js';
import { listenTo } from '../observe/listen-to.js';
import { hasReadOnlyTools, isReadOnly } from './read-only.js';

const { AgentSessionEventTypes: Event } = voice;

type LlmNode = voice.Agent['llmNode'];
type Answer = NonNullable<Awaited<ReturnType<LlmNode>>>;
type Chunk = Answer extends ReadableStream<infer T> ? T : never;

/** A tool that runs with a speculation. */
interface SpeculativeRun extends EarlyRun {
  abort: AbortController;
}

/**
 * Runs read-only tools as soon as a speculation calls them. LiveKit runs tools after the commit: then it gets the result, or waits for
 * it. A speculation that is discarded aborts its tools.
 */
export class SpeculativeTools {
  readonly #session: voice.AgentSession;
  readonly #clock: Clock;
  readonly #runs = new Map<string, SpeculativeRun>();
  readonly #undo = new Map<voice.Agent, () => void>();
  readonly #stops: (() => void)[] = [];
  #stopTools = () => {};

  constructor(session: voice.AgentSession, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
    const on = listenTo(session, this.#stops);
    // A tool that is made in the middle of a call is marked before it is called.
    on(Event.UserStateChanged, () => this.#wrapAgent());
    // LiveKit reports the first agent, too, as a hand-off.
    on(Event.ConversationItemAdded, ({ item }) => {
      if (item.type === 'agent_handoff') this.#watch();
    });
    this.#watch();
  }

  close(): void {
    this.#stopTools();
    for (const stop of this.#stops.splice(0)) stop();
    for (const restore of this.#undo.values()) restore();
    this.#undo.clear();
    for (const { abort } of this.#runs.values()) abort.abort();
    this.#runs.clear();
  }

  #watch(): void {
    this.#wrapAgent();
    this.#stopTools();
    this.#stopTools = watchTools(this.#session, {
      earlyRun: ({ call }) => {
        const run = this.#runs.get(call.callId);
        this.#runs.delete(call.callId);
        return run;
      },
    });
  }

  #wrapAgent(): void {
    const agent = this.#session._activity?.agent;
    if (!agent || this.#undo.has(agent) || !hasReadOnlyTools()) return;
    const restore = wrapAgentMethod(agent, 'llmNode', (inner) => async (...args) => {
      const speech = currentSpeculation();
      const answer = await inner.apply(agent, args);
      return speech && answer ? this.#withTools(answer, speech, args[1]) : answer;
    });
    this.#undo.set(agent, restore);
  }

  /** The answer as it arrives; the tools that it calls are started on the way. */
  #withTools(answer: Answer, speech: Speech, tools: llm.ToolContext): Answer {
    const look = new TransformStream<Chunk, Chunk>({
      transform: (chunk, controller) => {
        const calls = typeof chunk === 'object' ? (chunk.delta?.toolCalls ?? []) : [];
        for (const call of calls) this.#start(call, speech, tools);
        controller.enqueue(chunk);
      },
    });
    return answer.pipeThrough(look as never) as Answer;
  }

  #start(call: llm.FunctionCall, speech: Speech, tools: llm.ToolContext): void {
    const { handle } = speech;
    const tool = tools.getFunctionTool(call.name);
    // Once the turn is committed, LiveKit runs the tool itself.
    if (!tool || !isReadOnly(tool) || handle.scheduled || handle.done() || handle.interrupted) return;
    const args = argumentsOf(call, tool);
    if (args === undefined) return;
    const abort = new AbortController();
    const startedMs = this.#clock.nowMs();
    const ctx = new voice.RunContext(this.#session, handle, call);
    const result = (async () =>
      tool.execute(args as never, { ctx, toolCallId: call.callId, abortSignal: abort.signal } as never))();
    // An error is reported where LiveKit takes the result.
    result.catch(() => {});
    this.#runs.set(call.callId, { result, startedMs, abort });
    handle.addDoneCallback(() => {
      // Still there: LiveKit did not ask for it, because the speculation was discarded.
      if (this.#runs.delete(call.callId)) abort.abort();
    });
  }
}

/** The arguments of a call, if they are what the tool takes; `undefined` leaves the error to LiveKit. */
function argumentsOf({ args }: llm.FunctionCall, { parameters }: { parameters: unknown }): unknown {
  try {
    const value: unknown = JSON.parse(args || '{}');
    if (!isSchema(parameters)) return value;
    const parsed = parameters.safeParse(value);
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

interface Schema {
  safeParse(value: unknown): { success: boolean; data?: unknown };
}

const isSchema = (parameters: unknown): parameters is Schema =>
  typeof parameters === 'object' && parameters !== null && 'safeParse' in parameters;

/**
 * Runs the read-only tools of a session with its speculations.
 *
 * @returns a function that stops it
 */
export function attachSpeculativeTools(
  session: voice.AgentSession,
  options: { clock?: Clock } = {},
): () => void {
  const tools = new SpeculativeTools(session, options.clock ?? systemClock);
  return () => tools.close();
}
