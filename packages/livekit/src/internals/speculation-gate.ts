import type { voice } from '@livekit/agents';

/** What LiveKit's `AgentActivity`, which it does not export, is used for here. */
interface Activity {
  onPreemptiveGeneration(info: { newTranscript: string }): void;
  cancelPreemptiveGeneration(): void;
}

/** LiveKit is about to start a speculation on these words of the turn. Call `start` now or later; until then there is none. */
export type SpeculationGate = (words: string, start: () => void) => void;

const gates = new WeakMap<object, SpeculationGate>();

/**
 * Lets `gate` decide when LiveKit starts a speculation with the activity of the session's current agent, in the place of an earlier
 * gate. LiveKit starts one at each preflight transcript, and at each final transcript with other words than the preflight's.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/agent_activity.ts`, class `AgentActivity`, methods `onPreemptiveGeneration`, which
 *   `voice/audio_recognition.ts` calls, and `cancelPreemptiveGeneration`.
 * - If it changes: callers who pause often pay for a speculation at each final transcript. `speculation-gate.test.ts` fails.
 */
export function gateSpeculations(session: voice.AgentSession, gate: SpeculationGate): void {
  const activity = session._activity as unknown as Activity | undefined;
  if (!activity) return;
  const isPatched = gates.has(activity);
  gates.set(activity, gate);
  if (isPatched) return;
  const { onPreemptiveGeneration } = activity;
  activity.onPreemptiveGeneration = (info) => {
    let isStarted = false;
    gates.get(activity)!(info.newTranscript, () => {
      isStarted = true;
      onPreemptiveGeneration.call(activity, info);
    });
    // The running one has other words; a start would end it.
    if (!isStarted) activity.cancelPreemptiveGeneration();
  };
}
