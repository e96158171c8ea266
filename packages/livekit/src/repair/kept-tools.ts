import type { Clock } from '@firstword/turn';
import { llm, voice } from '@livekit/agents';
import type { ToolRun } from '../internals/turn-repair.js';
import type { AnsweredTurn } from './answered-turn.js';

/** How long the whole turn waits for tools of its half, ms: LiveKit gives up an interrupted speech after the same time. */
const WAIT_FOR_TOOLS_MS = 5000;

const isHandOff = (result: unknown): boolean =>
  typeof result === 'object' && result !== null && 'agent' in result && result.agent instanceof voice.Agent;

/** The output of a tool as LiveKit's LLMs get it; `undefined` if the tool has none, or hands over to another agent. */
function outputOf({ call }: ToolRun, result: unknown): llm.FunctionCallOutput | undefined {
  if (result instanceof voice.StopResponse || isHandOff(result)) return undefined;
  const isError = result instanceof Error;
  // The text of other errors may contain what the LLM is not meant to see.
  const error = result instanceof llm.ToolError ? result.message : 'An internal error occurred';
  const output = isError ? error : result === undefined ? '' : JSON.stringify(result);
  return llm.FunctionCallOutput.create({ name: call.name, callId: call.callId, output, isError });
}

const ended = (speech: voice.SpeechHandle) =>
  new Promise<void>((resolve) => speech.addDoneCallback(() => resolve()));

/** Adds the output of a tool to the conversation when it is there, unless LiveKit has done so. */
async function keepOutput(session: voice.AgentSession, agent: voice.Agent, run: ToolRun): Promise<void> {
  const result = await run.result.catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
  // LiveKit adds the outputs that it has as the interrupted speech ends.
  await ended(run.speech);
  const items = agent._chatCtx.items.filter((item) => 'callId' in item && item.callId === run.call.callId);
  const output = outputOf(run, result);
  if (!output || items.length !== 1) return;
  agent._chatCtx.insert(output);
  session._toolItemsAdded([output]);
}

/**
 * Keeps what the tools of a turn that was taken back return. LiveKit leaves out the outputs of tools that still run when their
 * speech is interrupted; the LLM would then call them again.
 */
export function keepTools(session: voice.AgentSession, turn: AnsweredTurn): void {
  turn.kept = Promise.all(turn.tools.map((run) => keepOutput(session, turn.agent, run)));
}

/** Waits for the tools of a turn that was taken back, and adds their calls and outputs to the context of the whole turn. */
export async function addKeptTools(
  turn: AnsweredTurn,
  chatCtx: llm.ChatContext,
  clock: Clock,
): Promise<void> {
  if (turn.tools.length === 0) return;
  let cancel = () => {};
  const timeout = new Promise<void>((resolve) => {
    cancel = clock.schedule(WAIT_FOR_TOOLS_MS, resolve);
  });
  await Promise.race([turn.kept, timeout]);
  cancel();
  for (const item of turn.agent._chatCtx.items) {
    if ('callId' in item && !chatCtx.getById(item.id)) chatCtx.insert(item);
  }
}
