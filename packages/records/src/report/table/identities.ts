/** What tells turns apart: the index of their call, their time and their ordinal in it. */
export interface IdentityColumns {
  callId: Int32Array;
  atMs: Float64Array;
  ordinal: Float64Array;
}

const EMPTY = -1;
/** Of the slots, at most this share is used: with more, a search takes long. */
const MOST_USED = 0.5;

/** A hash table of rows, in four to eight bytes a row: a `Set` of texts takes a hundred. */
export class Identities {
  #slots = new Int32Array(1024).fill(EMPTY);
  #used = 0;

  /** Adds the row unless one of before has the same identity. @returns whether it is new */
  add(row: number, columns: IdentityColumns): boolean {
    if (this.#used >= this.#slots.length * MOST_USED) this.#grow(columns);
    const slot = this.#slotOf(row, columns);
    if (this.#slots[slot] !== EMPTY) return false;
    this.#slots[slot] = row;
    this.#used += 1;
    return true;
  }

  /** The slot of the row, or of one with the same identity; otherwise the one to put it into. */
  #slotOf(row: number, { callId, atMs, ordinal }: IdentityColumns): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash(callId[row]!, atMs[row]!, ordinal[row]!) & mask; ; slot = (slot + 1) & mask) {
      const other = this.#slots[slot]!;
      const isSame =
        callId[other] === callId[row] && atMs[other] === atMs[row] && ordinal[other] === ordinal[row];
      if (other === EMPTY || isSame) return slot;
    }
  }

  #grow(columns: IdentityColumns): void {
    const before = this.#slots;
    this.#slots = new Int32Array(before.length * 2).fill(EMPTY);
    for (const row of before) if (row !== EMPTY) this.#slots[this.#slotOf(row, columns)] = row;
  }
}

/** Mixes three numbers (the finalizer of MurmurHash3 by Austin Appleby). */
function hash(callId: number, atMs: number, ordinal: number): number {
  let mixed = Math.imul(callId, 0x9e3779b1) ^ Math.imul(atMs % 4_294_967_291, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (ordinal * 1000), 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
