import { groupBy } from '@firstword/turn/statistics';
import type { EvidenceTurn, RunEvent } from '../evidence.js';

/** Clocks of a log's lines and of its metrics differ by a little: the metrics are logged after what they measure. */
const SLACK_MS = 60;
/** Nothing is known of a turn's end after its last answer: events this long after the caller's speech still belong to it. */
const LAST_TURN_MS = 30_000;
/** An event without a call id is looked for in this many turns, those that began last before it. */
const MAX_CANDIDATES = 32;

interface PlaceInFile {
  file: string;
  line: number;
}

function placeOf(place: string): PlaceInFile {
  const at = place.lastIndexOf(':');
  return { file: place.slice(0, at), line: Number(place.slice(at + 1)) };
}

/** Where a turn begins, and where the next one of its call does. */
interface Window {
  turn: EvidenceTurn;
  fromMs: number;
  toMs: number;
  from: PlaceInFile;
  to: PlaceInFile | undefined;
}

function windowsOf(call: readonly EvidenceTurn[]): Window[] {
  return call.map((turn, at) => {
    const next = call[at + 1];
    return {
      turn,
      fromMs: turn.atMs - SLACK_MS,
      toMs: next ? next.atMs - SLACK_MS : turn.atMs + LAST_TURN_MS,
      from: placeOf(turn.place),
      to: next && placeOf(next.place),
    };
  });
}

/** Whether the event was logged within the turn: by the time, or by the lines where one of them has no time. */
function isWithin(event: RunEvent, { turn, fromMs, toMs, from, to }: Window): boolean {
  if (event.atMs !== undefined && turn.atMs > 0) return event.atMs >= fromMs && event.atMs < toMs;
  const at = placeOf(event.place);
  return at.file === from.file && at.line >= from.line && (to?.file !== from.file || at.line < to.line);
}

/** The last of the windows that begin before the event, at most `count`. */
function candidates(windows: readonly Window[], event: RunEvent, count: number): readonly Window[] {
  if (event.atMs === undefined) return windows;
  let [low, high] = [0, windows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (windows[middle]!.fromMs <= event.atMs) low = middle + 1;
    else high = middle;
  }
  return windows.slice(Math.max(0, low - count), low);
}

/**
 * The events of each turn: those of its call that were logged from the end of the caller's speech to the end of the next
 * turn's. An event without a call id, such as one of a whole process, belongs to each turn that was under way.
 */
export function eventsByTurn(
  calls: readonly (readonly EvidenceTurn[])[],
  events: readonly RunEvent[],
): Map<EvidenceTurn, RunEvent[]> {
  const found = new Map<EvidenceTurn, RunEvent[]>();
  if (events.length === 0) return found;
  const byCall = new Map(calls.map((call) => [call[0]!.callId, windowsOf(call)]));
  const all = [...byCall.values()].flat().sort((a, b) => a.fromMs - b.fromMs);
  for (const [call, own] of groupBy(events, (event) => event.call ?? '')) {
    const windows = byCall.get(call);
    for (const event of own) {
      for (const window of candidates(windows ?? all, event, windows ? 1 : MAX_CANDIDATES)) {
        if (!isWithin(event, window)) continue;
        const events = found.get(window.turn);
        if (events) events.push(event);
        else found.set(window.turn, [event]);
      }
    }
  }
  return found;
}
