import type { TurnRecord } from '@firstword/turn';
import { turnOrdinal } from '../../import/turn-identity.js';

/** A turn with the time by which it is ranked. */
export interface SlowTurn {
  ms: number;
  record: TurnRecord;
  /** File of its record. */
  file: string;
}

/** The slowest first; of equally slow ones, by call and turn. */
const order = (a: SlowTurn, b: SlowTurn): number =>
  b.ms - a.ms || compareTexts(a.record.callId, b.record.callId) || a.record.turn - b.record.turn;

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const isSame = (a: TurnRecord, b: TurnRecord): boolean =>
  a.callId === b.callId && a.at === b.at && turnOrdinal(a) === turnOrdinal(b);

/** The slowest turns of any number, each once. */
export class Slowest {
  readonly #most: number;
  readonly turns: SlowTurn[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** @returns whether it is among the slowest so far */
  add(turn: SlowTurn): boolean {
    const last = this.turns.at(-1);
    if (this.#most === 0 || (last && this.turns.length === this.#most && order(last, turn) <= 0))
      return false;
    if (this.turns.some(({ record }) => isSame(record, turn.record))) return false;
    const at = this.turns.findIndex((other) => order(turn, other) < 0);
    this.turns.splice(at < 0 ? this.turns.length : at, 0, turn);
    this.turns.length = Math.min(this.turns.length, this.#most);
    return true;
  }
}
