import type { PlannedRequest } from '../plan/schedule.js';

/** One action of a run: opening an idle connection (`prime`) or sending a request. */
export interface TimetableEntry {
  /** After the run's start, ms. */
  atMs: number;
  kind: 'prime' | 'send';
  request: PlannedRequest;
}

/** An idle connection is opened this much earlier than its idle time requires, to allow for opening it. */
export const PRIME_MS = 1_000;
/** Time between the start and the first action. */
const START_MS = 250;

const primedAheadMs = ({ arm }: PlannedRequest) => (arm.mode === 'idle' ? arm.idleMs! + PRIME_MS : 0);

/** Time from the run's start to its first request, ms, so that idle connections reach their idle time. */
export const leadMs = (requests: readonly PlannedRequest[]): number =>
  START_MS + Math.max(0, ...new Set(requests.map(primedAheadMs)));

/** The same requests, shifted so that the first one is due at `firstMs`. */
export function shiftedTo(requests: readonly PlannedRequest[], firstMs: number): PlannedRequest[] {
  const byMs = firstMs - (requests[0]?.scheduledMs ?? 0);
  return requests.map((request) => ({ ...request, scheduledMs: request.scheduledMs + byMs }));
}

/** All actions of a run, sorted by time. */
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
