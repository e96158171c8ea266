import { turnIdentity } from '@firstword/records/import';
import { CALL_SCHEMA, type CallRecord, type TurnRecord } from '@firstword/turn';
import type {
  Evidence,
  EvidenceHello,
  EvidenceTurn,
  LogInputSummary,
  RunEvent,
  SdkLanguage,
} from './evidence.js';
import { eventsByTurn } from './view/turn-events.js';
import { type RecordSource, toEvidenceTurn } from './view/turn-view.js';

/** Options of `EvidenceCollector`. */
export interface CollectorOptions {
  /** Maximum number of turns held; above it, only some calls are kept, selected by their id. Default 24,000. */
  maxTurns?: number;
}

/** About a kilobyte each. More turns make no finding clearer, and each is examined by every rule. */
const MAX_TURNS = 24_000;
/** Limit of one call: more turns than this mean that several calls have no distinct ids. */
const MAX_TURNS_OF_A_CALL = 2_000;
const MAX_EVENTS = 10_000;
/** Times to hello that are held; about half a kilobyte each. */
const MAX_CALLS = 20_000;
const HASHES = 2 ** 32;

/** FNV-1a with a final mix, so that its high bits are as random as its low ones. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x45d9f3b);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Collects turns for the rules, in bounded memory: above the limit, it keeps whole calls by the hash of their id, half as
 * many each time it is full. The selection depends neither on their contents nor on their order.
 */
export class EvidenceCollector {
  readonly #calls = new Map<string, Map<string, EvidenceTurn>>();
  readonly #events: RunEvent[] = [];
  /** By call: one whose greeting was also reported by the caller's side has a second record. */
  readonly #hellos = new Map<string, EvidenceHello>();
  readonly #maxTurns: number;
  #held = 0;
  /** Calls with a hash below this are kept. */
  #below = HASHES;
  #turns = 0;
  #callsSeen = new Set<number>();
  /** Turns by the SDK that reported them. */
  readonly #sdks = new Map<SdkLanguage, number>();
  duplicates = 0;

  constructor({ maxTurns = MAX_TURNS }: CollectorOptions = {}) {
    this.#maxTurns = maxTurns;
  }

  /** Whether this call's turns are kept; those of other calls are only counted. */
  wants(callId: string): boolean {
    return hash(callId) < this.#below;
  }

  /** Counts a turn that was read and is not kept. */
  count(callId: string): void {
    this.#turns += 1;
    this.#callsSeen.add(hash(callId));
  }

  /** Turns with the same call, number and time are duplicates, in whichever files they are. */
  add(record: TurnRecord, seen: RecordSource): void {
    const { callId } = record;
    const key = turnIdentity(record);
    const call = this.#calls.get(callId) ?? new Map<string, EvidenceTurn>();
    if (call.has(key)) {
      this.duplicates += 1;
      return;
    }
    this.count(callId);
    if (!this.wants(callId) || call.size >= MAX_TURNS_OF_A_CALL) return;
    this.#calls.set(callId, call);
    call.set(key, toEvidenceTurn(record, seen));
    this.#held += 1;
    while (this.#held > this.#maxTurns && this.#calls.size > 1) this.#halve();
  }

  /** The record of a call. */
  addCall({ callId, helloMs, segments, greeting }: CallRecord, { place }: RecordSource): void {
    if (helloMs === undefined || (this.#hellos.size >= MAX_CALLS && !this.#hellos.has(callId))) return;
    this.#hellos.set(callId, { callId, place, helloMs, segments, greeting });
  }

  addEvent(event: RunEvent): void {
    if (this.#events.length < MAX_EVENTS) this.#events.push(event);
  }

  /** Counts a sign that this SDK wrote the data. */
  countSdk(sdk: SdkLanguage): void {
    this.#sdks.set(sdk, (this.#sdks.get(sdk) ?? 0) + 1);
  }

  /** The SDK that wrote most of the data. */
  #sdk(): SdkLanguage | undefined {
    const [most] = [...this.#sdks].sort((a, b) => b[1] - a[1]);
    return most?.[0];
  }

  #halve(): void {
    this.#below /= 2;
    for (const [callId, call] of this.#calls) {
      if (this.wants(callId)) continue;
      this.#held -= call.size;
      this.#calls.delete(callId);
    }
  }

  finish(input: LogInputSummary): Evidence {
    const gathered = [...this.#calls.values()]
      .map((call) => [...call.values()].sort((a, b) => a.turn - b.turn || a.atMs - b.atMs))
      .sort((a, b) => a[0]!.atMs - b[0]!.atMs);
    const events = eventsByTurn(gathered, this.#events);
    const calls =
      events.size === 0
        ? gathered
        : gathered.map((call) => call.map((turn) => ({ ...turn, events: events.get(turn) ?? [] })));
    const turns = calls.flat();
    return {
      hellos: [...this.#hellos.values()],
      calls,
      turns,
      answered: turns.filter(({ gapMs }) => gapMs !== undefined),
      events: this.#events,
      sdk: this.#sdk(),
      seen: { turns: this.#turns, calls: this.#callsSeen.size },
      input: { ...input, duplicates: input.duplicates + this.duplicates },
    };
  }
}

const NOTHING_READ: LogInputSummary = {
  files: 0,
  lines: 0,
  bytes: 0,
  understood: [],
  duplicates: 0,
  badLines: 0,
  someBadLines: [],
  skippedFiles: [],
  refused: [],
};

/** The evidence of records in memory, such as those of a call that has just ended. */
export function evidenceOf(records: Iterable<TurnRecord | CallRecord>, options?: CollectorOptions): Evidence {
  const gatherer = new EvidenceCollector(options);
  for (const record of records) {
    if (record.schema === CALL_SCHEMA) gatherer.addCall(record, { place: '' });
    else gatherer.add(record, { place: '' });
  }
  return gatherer.finish(NOTHING_READ);
}
