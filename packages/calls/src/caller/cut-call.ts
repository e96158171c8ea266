import type { Span } from '../tape/span.js';

/** Speech that lies within the other person's, up to this much past its end, is a backchannel and takes no turn, ms. */
const BACKCHANNEL_PAST_MS = 200;
/** Shorter speech is a cough or a knock on the line rather than a turn, ms: "yes" takes 250. */
const SHORTEST_MS = 200;
/** After a longer pause the caller begins anew, ms: the agent could have spoken, and what it answers is what comes now. */
const LONGEST_PAUSE_MS = 2000;

const within = (inner: Span, outer: Span) =>
  inner.startMs > outer.startMs && inner.endMs <= outer.endMs + BACKCHANNEL_PAST_MS;

const isLong = ({ startMs, endMs }: Span) => endMs - startMs >= SHORTEST_MS;

/** Speech that may be part of a turn: without backchannels ("mhm") into the other's speech. */
const taking = (speech: readonly Span[], other: readonly Span[]) =>
  speech.filter((one) => !other.some((span) => within(one, span)));

/**
 * Cuts the caller's side of a call into turns. A turn lasts from the caller's first speech after the agent's speech to the
 * caller's last speech before the agent speaks again. Pauses of up to 2 s in which the agent is silent are part of the turn.
 * Speech that the agent does not answer is not a turn, and neither is a backchannel.
 */
export function callerTurns(caller: readonly Span[], agent: readonly Span[]): Span[] {
  const spoken = [
    ...taking(caller, agent).map((span) => ({ ...span, isCaller: true })),
    ...taking(agent.filter(isLong), caller).map((span) => ({ ...span, isCaller: false })),
  ].sort((a, b) => a.startMs - b.startMs);
  const turns: Span[] = [];
  let turn: Span | undefined;
  for (const { isCaller, startMs, endMs } of spoken) {
    if (isCaller && turn && startMs - turn.endMs <= LONGEST_PAUSE_MS)
      turn.endMs = Math.max(endMs, turn.endMs);
    else if (isCaller) turn = { startMs, endMs };
    else if (turn) {
      turns.push(turn);
      turn = undefined;
    }
  }
  return turns.filter(isLong);
}
