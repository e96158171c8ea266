import type { Evidence, EvidenceTurn, RunEvent } from '../evidence.js';

const MACHINE: readonly RunEvent['kind'][] = [
  'slow inference',
  'event loop blocked',
  'process not scheduled',
  'process unresponsive',
];

/** What only a machine with too little CPU reports. */
const STARVED: readonly RunEvent['kind'][] = ['slow inference', 'process not scheduled', 'high load'];

/**
 * A process answers its worker late where its machine is too busy, or where its own code blocks it. Without any other sign of a
 * busy machine, it is taken for blocked.
 */
export const isStarved = ({ events }: Pick<Evidence, 'events'>): boolean =>
  events.some(({ kind }) => STARVED.includes(kind));

/** LiveKit’s worker reports a job that did not answer for this long, where the line does not say, ms. */
export const UNRESPONSIVE_MS = 500;

/** A finding about the machine has to concern this share of the turns to put other findings in doubt. */
export const SHARE_IN_DOUBT = 0.1;

/** An event this long after the first sound was logged late. */
const SLACK_MS = 250;

/** The events of a turn that were logged while the caller waited for the answer. */
export function eventsWhileWaiting(turn: EvidenceTurn, kinds: readonly RunEvent['kind'][]): RunEvent[] {
  const untilMs = turn.atMs + (turn.gapMs ?? Number.POSITIVE_INFINITY) + SLACK_MS;
  return turn.events.filter(
    ({ kind, atMs }) => kinds.includes(kind) && (atMs === undefined || turn.atMs <= 0 || atMs <= untilMs),
  );
}

/** Whether the agent's machine or thread was late in this turn, by LiveKit's own warnings. */
export const isMachineLate = (turn: EvidenceTurn): boolean =>
  turn.events.length > 0 && eventsWhileWaiting(turn, MACHINE).length > 0;

/** How much of the wait events with a duration explain, ms. */
export function eventsMs(turn: EvidenceTurn, kinds: readonly RunEvent['kind'][]): number {
  return eventsWhileWaiting(turn, kinds).reduce((sum, { ms = 0 }) => sum + ms, 0);
}
