import type { voice } from '@livekit/agents';
import type { OpenTurn, TurnFacts } from './observed-turn.js';
import { outcomeOfFacts } from './turn-outcome.js';

/** The speeches that are not done, by id, oldest first. */
type SpeechHandles = ReadonlyMap<string, voice.SpeechHandle>;

/** The speech that replaces one that is done and gave no answer. */
export function saidInstead(
  done: voice.SpeechHandle,
  facts: TurnFacts,
  handles: SpeechHandles,
): voice.SpeechHandle | undefined {
  const isSilent = facts.publishedMs === undefined;
  if (!isSilent && (done.interrupted || outcomeOfFacts(facts, true).outcome !== 'failed')) return undefined;
  const instead = [...handles.values()].findLast((handle) => handle.scheduled && !handle.interrupted);
  if (isSilent) facts.interrupted = done.interrupted && !instead;
  return instead;
}

/**
 * Forgets audio of an answer that was discarded at the commit, and returns whether it was that. LiveKit 1.9.0 may publish a
 * frame or two of it and clear them at once: they were not audible, and the turn's own answer still follows.
 */
export function dropStray(open: OpenTurn, handles: SpeechHandles): boolean {
  const { facts } = open;
  const own = facts.speechId === undefined ? undefined : handles.get(facts.speechId);
  if (facts.audibleMs !== undefined || !own || own.interrupted) return false;
  delete open.answer;
  facts.publishedMs = undefined;
  return true;
}

/** Adds what the agent has said to the turn that has ended with it. Before its end, it is the end of an earlier answer. */
export function noteAgentText(
  item: { type: string; role?: string; textContent?: string | undefined },
  open: OpenTurn | undefined,
): void {
  if (item.type !== 'message' || item.role !== 'assistant' || !open?.ended) return;
  open.facts.agentText = [open.facts.agentText, item.textContent].filter(Boolean).join(' ');
}
