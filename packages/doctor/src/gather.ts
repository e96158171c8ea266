import { identityOf } from '@firstword/records';
import type { TurnRecord } from '@firstword/turn';
import type { Evidence, InputAccount, RunEvent, Turn } from './evidence.js';
import { type Seen, toTurn } from './view/turn-view.js';

export interface GatherOptions {
  /** Most turns that are held; past this only some calls are, chosen by their id. */
  mostTurns?: number;
}

/** About a kilobyte each. */
const MOST_TURNS = 60_000;
/** No call has more; what has is many calls that nobody told apart, and it may not fill everything. */
const MOST_TURNS_OF_A_CALL = 2_000;
const MOST_EVENTS = 10_000;
const HASHES = 2 ** 32;

/** FNV-1a with a last mix, so that its high bits are as good as its low ones. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x45d9f3b);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Gathers turns for the rules, in bounded memory: where there are more than it may hold, it keeps whole calls by the hash
 * of their id, half as many each time it is full. The choice does not depend on what is in them, nor on their order.
 */
export class Gatherer {
  readonly #calls = new Map<string, Map<string, Turn>>();
  readonly #events: RunEvent[] = [];
  readonly #mostTurns: number;
  #held = 0;
  /** Calls are held whose hash is below this. */
  #below = HASHES;
  #turns = 0;
  #callsSeen = new Set<number>();
  duplicates = 0;

  constructor({ mostTurns = MOST_TURNS }: GatherOptions = {}) {
    this.#mostTurns = mostTurns;
  }

  /** Whether this call's turns are still looked at; the others are only counted. */
  wants(callId: string): boolean {
    return hash(callId) < this.#below;
  }

  /** A turn that was read and is not examined. */
  count(callId: string): void {
    this.#turns += 1;
    this.#callsSeen.add(hash(callId));
  }

  /** The same turn of the same call at the same moment is the same turn, in however many files it is. */
  add(record: TurnRecord, seen: Seen): void {
    const { callId } = record;
    const key = identityOf(record);
    const call = this.#calls.get(callId) ?? new Map<string, Turn>();
    if (call.has(key)) {
      this.duplicates += 1;
      return;
    }
    this.count(callId);
    if (!this.wants(callId) || call.size >= MOST_TURNS_OF_A_CALL) return;
    this.#calls.set(callId, call);
    call.set(key, toTurn(record, seen));
    this.#held += 1;
    while (this.#held > this.#mostTurns && this.#calls.size > 1) this.#halve();
  }

  addEvent(event: RunEvent): void {
    if (this.#events.length < MOST_EVENTS) this.#events.push(event);
  }

  #halve(): void {
    this.#below /= 2;
    for (const [callId, call] of this.#calls) {
      if (this.wants(callId)) continue;
      this.#held -= call.size;
      this.#calls.delete(callId);
    }
  }

  finish(account: InputAccount): Evidence {
    const calls = [...this.#calls.values()]
      .map((call) => [...call.values()].sort((a, b) => a.turn - b.turn || a.atMs - b.atMs))
      .sort((a, b) => a[0]!.atMs - b[0]!.atMs);
    const turns = calls.flat();
    return {
      calls,
      turns,
      answered: turns.filter(({ gapMs }) => gapMs !== undefined),
      events: this.#events,
      seen: { turns: this.#turns, calls: this.#callsSeen.size },
      account: { ...account, duplicates: account.duplicates + this.duplicates },
    };
  }
}

const NOTHING_READ: InputAccount = {
  files: 0,
  lines: 0,
  bytes: 0,
  understood: [],
  duplicates: 0,
  badLines: 0,
  someBadLines: [],
  skippedFiles: [],
};

/** The evidence of records that are at hand, such as a call's that has just ended. */
export function evidenceOf(records: Iterable<TurnRecord>, options?: GatherOptions): Evidence {
  const gatherer = new Gatherer(options);
  for (const record of records) gatherer.add(record, { place: '' });
  return gatherer.finish(NOTHING_READ);
}
