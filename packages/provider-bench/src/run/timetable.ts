import type { PlannedRequest } from '../plan/schedule.js';

/** One thing to do, and when, ms after the run's start. */
export interface TimetableEntry {
  atMs: number;
  kind: 'prime' | 'send';
  request: PlannedRequest;
}

/** A connection that is to idle is opened this much earlier still: opening it takes a while. */
export const PRIME_MS = 1_000;
/** Between the start and the first thing to do. */
const START_MS = 250;

const primedAheadMs = ({ arm }: PlannedRequest) => (arm.mode === 'idle' ? arm.idleMs! + PRIME_MS : 0);

/** How long before its first request a run begins, ms: idle connections have to become idle. */
export const leadMs = (requests: readonly PlannedRequest[]): number =>
  START_MS + Math.max(0, ...new Set(requests.map(primedAheadMs)));

/** The same requests, the first of them due at `firstMs`. */
export function shiftedTo(requests: readonly PlannedRequest[], firstMs: number): PlannedRequest[] {
  const byMs = firstMs - (requests[0]?.scheduledMs ?? 0);
  return requests.map((request) => ({ ...request, scheduledMs: request.scheduledMs + byMs }));
}

/** Everything that a run does, in order. */
export function timetable(requests: readonly PlannedRequest[]): TimetableEntry[] {
  const sends = requests.map(
    (request): TimetableEntry => ({ atMs: request.scheduledMs, kind: 'send', request }),
  );
  const primes = requests
    .filter(({ arm }) => arm.mode === 'idle')
    .map(
      (request): TimetableEntry => ({
        atMs: request.scheduledMs - primedAheadMs(request),
        kind: 'prime',
        request,
      }),
    );
  return [...primes, ...sends].sort((a, b) => a.atMs - b.atMs);
}
