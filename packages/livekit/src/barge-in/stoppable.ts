import { llm, type voice } from '@livekit/agents';
import { isInterruptionAdaptive } from '../internals/overlap.js';
import { activityParts, activityTurnDetection } from '../internals/session-activity.js';

type Interruption = NonNullable<NonNullable<voice.AgentSessionOptions['turnHandling']>['interruption']>;

/** LiveKit's default of `interruption.minDuration`, ms. */
const LIVEKIT_MIN_DURATION_MS = 500;

/** Why a sound does not stop the agent at once with these options; `undefined` if it does. */
export function whyInterruptionNotStopped(interruption: Partial<Interruption>): string | undefined {
  const { enabled, mode, minDuration, minWords = 0, resumeFalseInterruption } = interruption;
  if (enabled === false) return 'interruptions are off';
  if (mode === 'adaptive') return 'LiveKit’s adaptive interruption decides';
  if ((minDuration ?? LIVEKIT_MIN_DURATION_MS) !== LIVEKIT_MIN_DURATION_MS) return 'minDuration is set';
  if (minWords > 0) return 'minWords is set';
  if (resumeFalseInterruption === false) return 'resumeFalseInterruption is off';
  return undefined;
}

/** Why a sound does not stop the agent at once with the parts and options that the session uses now; `undefined` if it does. */
export function whyNotStopped(session: voice.AgentSession): string | undefined {
  const { interruption } = session.sessionOptions.turnHandling;
  const own = session._activity?.agent.turnHandling?.interruption;
  if (activityParts(session).llm instanceof llm.RealtimeModel)
    return 'a realtime model hears the caller itself';
  if (activityTurnDetection(session) === 'manual') return 'turnDetection is manual';
  if (isInterruptionAdaptive(session)) return 'LiveKit’s adaptive interruption decides';
  return whyInterruptionNotStopped({
    ...interruption,
    mode: undefined,
    enabled: own?.enabled ?? interruption.enabled,
  });
}
