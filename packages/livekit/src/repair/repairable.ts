import { llm, type voice } from '@livekit/agents';
import { activityParts, activityTurnDetection } from '../internals/session-activity.js';

/** Why cut-offs are not repaired with this turn detection; `undefined` if they are. */
export function whyDetectionNotRepaired(
  detection: voice.AgentSession['turnDetection'] | null,
): string | undefined {
  if (detection === 'manual') return 'turnDetection is manual';
  if (detection === 'stt') return 'the STT decides when the turn is over';
  if (detection === 'realtime_llm') return 'a realtime model decides when the turn is over';
  return undefined;
}

/** Why cut-offs are not repaired with the parts and options that the session uses now; `undefined` if they are. */
export function whyNotRepaired(session: voice.AgentSession): string | undefined {
  const parts = activityParts(session);
  const agent = session._activity?.agent;
  const { interruption } = session.sessionOptions.turnHandling;
  if (parts.llm instanceof llm.RealtimeModel) return 'a realtime model starts its answers itself';
  if (!parts.llm) return 'there is no LLM';
  if (!parts.stt) return 'there is no STT';
  if ((agent?.turnHandling?.interruption?.enabled ?? interruption.enabled) === false)
    return 'interruptions are off';
  return whyDetectionNotRepaired(activityTurnDetection(session));
}
