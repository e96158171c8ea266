import { constants, getPriority, setPriority } from 'node:os';

const BELOW_AGENT = constants.priority.PRIORITY_BELOW_NORMAL;

/**
 * Lets this process run after the agent where processors are scarce: the agent's VAD must hear the end of speech in time, and its
 * frames must leave in time. A process that the user has started with a lower priority keeps it.
 */
export function yieldToAgent(): void {
  try {
    if (getPriority() < BELOW_AGENT) setPriority(BELOW_AGENT);
  } catch {
    // A sandbox may refuse it. The model then shares the processors with the agent, which only costs time.
  }
}
