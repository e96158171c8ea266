import { type Growing, growingBytes, growingDoubles, growingIntegers } from './growing.js';
import { Identities } from './identities.js';
import { Interner } from './interner.js';
import { Slowest, type SlowTurn } from './slowest.js';
import {
  byName,
  type CallRow,
  type FigureKey,
  figureKeyText,
  NO_TEXT,
  NUMBER_COLUMNS,
  type NumberColumn,
  TEXT_COLUMNS,
  type TextColumn,
  type TurnRows,
} from './turn-rows.js';

/** All figures of one key, in any order. */
export interface FigureList {
  key: FigureKey;
  ms: Growing<Float64Array>;
  /** Those that are known. */
  gainMs: Growing<Float64Array>;
}

/** The columns of all turns; views, until the next turn is added. */
export interface TurnColumns {
  count: number;
  numbers: Record<NumberColumn, Float64Array>;
  /** Indexes for `nameOf`; `NO_TEXT` where a turn has none. */
  texts: Record<TextColumn, Int32Array>;
  flags: Uint8Array;
}

/** The turns of a report, each once, as columns: some 300 bytes a turn. */
export class TurnTable {
  readonly #numbers = byName(NUMBER_COLUMNS, growingDoubles);
  readonly #texts = byName(TEXT_COLUMNS, growingIntegers);
  readonly #flags = growingBytes();
  readonly #names = new Interner<string>();
  readonly #figures = new Interner<FigureList>();
  readonly #identities = new Identities();
  readonly #calls = new Map<string, CallRow>();
  readonly #slowest: { gaps: Slowest; frames: Slowest };
  /** Turns that were found more than once; each counts once. */
  duplicates = 0;

  /** @param slowest how many of the slowest turns to keep with all their facts */
  constructor(slowest: number) {
    this.#slowest = { gaps: new Slowest(slowest), frames: new Slowest(slowest) };
  }

  get count(): number {
    return this.#flags.length;
  }

  /** @param file that they were read from, where they do not name it */
  append(rows: TurnRows, file: string): void {
    const names = rows.names.map((text) => this.#names.indexOf(text, () => text));
    const isNew = new Uint8Array(rows.count);
    for (let row = 0; row < rows.count; row += 1) isNew[row] = this.#appendRow(rows, row, names) ? 1 : 0;
    this.#appendFigures(rows, isNew);
    for (const { row, record, file: own = file } of rows.slow) {
      if (!isNew[row]) continue;
      const { gapMs, frameMs } = rows.numbers;
      const add = (among: Slowest, ms: number) => !Number.isNaN(ms) && among.add({ ms, record, file: own });
      add(this.#slowest.gaps, gapMs[row]!);
      add(this.#slowest.frames, frameMs[row]!);
    }
  }

  get columns(): TurnColumns {
    return {
      count: this.count,
      numbers: byName(NUMBER_COLUMNS, (name) => this.#numbers[name].view()),
      texts: byName(TEXT_COLUMNS, (name) => this.#texts[name].view()),
      flags: this.#flags.view(),
    };
  }

  /** The text of an index; `undefined` for `NO_TEXT`. */
  nameOf(index: number): string | undefined {
    return index === NO_TEXT ? undefined : this.#names.values[index];
  }

  figures(of: FigureKey['of']): FigureList[] {
    return this.#figures.values.filter(({ key, ms }) => key.of === of && ms.length > 0);
  }

  /** A call once, with the record that knows most of it. */
  get calls(): Iterable<Pick<CallRow, 'helloMs' | 'problem' | 'parts'>> {
    return this.#calls.values();
  }

  /** The key of an index in `calls`. */
  figureKey(index: number): FigureKey {
    return this.#figures.values[index]!.key;
  }

  get slowestGaps(): readonly SlowTurn[] {
    return this.#slowest.gaps.turns;
  }

  get slowestFrames(): readonly SlowTurn[] {
    return this.#slowest.frames.turns;
  }

  /** @returns whether the turn is new */
  #appendRow(rows: TurnRows, row: number, names: readonly number[]): boolean {
    const at = this.count;
    for (const name of NUMBER_COLUMNS) this.#numbers[name].push(rows.numbers[name][row]!);
    for (const name of TEXT_COLUMNS) {
      const index = rows.texts[name][row]!;
      this.#texts[name].push(index === NO_TEXT ? NO_TEXT : names[index]!);
    }
    this.#flags.push(rows.flags[row]!);
    const { atMs, ordinal } = this.#numbers;
    const identity = { callId: this.#texts.callId.view(), atMs: atMs.view(), ordinal: ordinal.view() };
    if (this.#identities.add(at, identity)) return true;
    this.duplicates += 1;
    for (const column of [...Object.values(this.#numbers), ...Object.values(this.#texts), this.#flags])
      column.pop();
    return false;
  }

  #appendFigures({ figures, keys, calls }: TurnRows, isNew: Uint8Array): void {
    const indexes = keys.map((key) =>
      this.#figures.indexOf(figureKeyText(key.of, key.name, key.owner), () => ({
        key,
        ms: growingDoubles(),
        gainMs: growingDoubles(),
      })),
    );
    const { row, key, ms, gainMs } = figures;
    for (let at = 0; at < row.length; at += 1) {
      if (!isNew[row[at]!]) continue;
      const list = this.#figures.values[indexes[key[at]!]!]!;
      list.ms.push(ms[at]!);
      if (!Number.isNaN(gainMs[at]!)) list.gainMs.push(gainMs[at]!);
    }
    for (const call of calls) {
      const known = this.#calls.get(call.callId);
      // The newer record of a call is the better one, unless only the older one has what the caller heard.
      if (known?.isHeard && !call.isHeard) continue;
      const parts = call.parts.map((value, place) => (place % 2 === 0 ? indexes[value]! : value));
      this.#calls.set(call.callId, { ...call, parts });
    }
  }
}
