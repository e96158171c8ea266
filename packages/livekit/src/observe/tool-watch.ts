import type { Clock } from '@firstword/turn';
import { voice } from '@livekit/agents';
import { type StartedTool, watchTools } from '../internals/tool-runs.js';
import { listenTo } from './listen-to.js';
import type { ToolRunFacts } from './observed-turn.js';

const { AgentSessionEventTypes: Event } = voice;

/** A tool call, and the speech that it belongs to. */
export interface ObservedTool {
  speechId: string;
  facts: ToolRunFacts;
  run: StartedTool;
}

/**
 * Calls `onStart` when a tool of the session starts, and `onEnd` when it ends. Both get the same facts; the rest of them is filled in
 * before `onEnd`.
 *
 * @returns a function that stops it
 */
export function watchToolRuns(
  session: voice.AgentSession,
  clock: Clock,
  { onStart, onEnd }: { onStart(tool: ObservedTool): void; onEnd?(tool: ObservedTool): void },
): () => void {
  let stopTools = () => {};
  const watch = () => {
    stopTools();
    stopTools = watchTools(session, {
      onStart: (run) => {
        const { earlyFromMs } = run;
        const facts: ToolRunFacts = { name: run.call.name, startedMs: earlyFromMs ?? clock.nowMs() };
        if (earlyFromMs !== undefined) facts.isSpeculative = true;
        const tool = { speechId: run.speech.id, facts, run };
        onStart(tool);
        const end = (isError: boolean) => {
          facts.endedMs = clock.nowMs();
          if (isError) facts.isError = true;
          onEnd?.(tool);
        };
        run.result.then(
          () => end(false),
          () => end(true),
        );
      },
    });
  };
  const stops: (() => void)[] = [];
  // LiveKit reports the first agent, too, as a hand-off.
  listenTo(session, stops)(Event.ConversationItemAdded, ({ item }) => {
    if (item.type === 'agent_handoff') watch();
  });
  watch();
  return () => {
    stopTools();
    for (const stop of stops) stop();
  };
}
