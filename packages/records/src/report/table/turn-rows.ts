import type { Owner, TurnRecord } from '@firstword/turn';

/** Columns of numbers; NaN where a turn has none. */
export const NUMBER_COLUMNS = [
  'turn',
  /** Wall time at which the caller stopped, Unix ms. */
  'atMs',
  /** `turnOrdinal`. */
  'ordinal',
  'gapMs',
  /** To the first frame sent, of turns of another tool only. */
  'frameMs',
  /** The longest silence of a turn with tools. */
  'toolMs',
] as const;
/** One of `NUMBER_COLUMNS`. */
export type NumberColumn = (typeof NUMBER_COLUMNS)[number];

/** Columns of texts, each the index of a text; `NO_TEXT` where a turn has none. */
export const TEXT_COLUMNS = [
  'callId',
  'problem',
  'outcome',
  /** Of turns that failed, the failure as `failureKey` writes it. */
  'failure',
  'provider',
  'model',
  'levers',
  'region',
] as const;
/** One of `TEXT_COLUMNS`. */
export type TextColumn = (typeof TEXT_COLUMNS)[number];

/** The index of no text. */
export const NO_TEXT = -1;

/** Bits of the column `flags`. */
export const FLAG = { interrupted: 1, bargeIn: 2, hasTools: 4, isEmulated: 8, hasFailed: 16 } as const;

/** What a figure is about: a segment, a part of a silence, an interruption, or a duration that an export reports. */
export interface FigureKey {
  of: 'segment' | 'tool' | 'hello' | 'stop' | 'reported';
  name: string;
  owner?: Owner;
}

/** Figures that a turn has several of, such as its segments: parallel columns, with one entry for each figure. */
export interface Figures<Doubles, Integers> {
  /** Row of the turn. */
  row: Integers;
  /** Index of the key. */
  key: Integers;
  ms: Doubles;
  /** Of segments; NaN where it is not known. */
  gainMs: Doubles;
}

/** The time to hello of one call. */
export interface CallRow {
  callId: string;
  helloMs: number | undefined;
  problem: string | undefined;
  /** Whether the caller's side reported the greeting: this record is preferred to another of the same call. */
  isHeard: boolean;
  /** Index of a key, duration in ms, and so on. */
  parts: number[];
}

/** A turn that is among the slowest, with all its facts. */
export interface SlowRow {
  row: number;
  record: TurnRecord;
  /** File of its record; by default that of all rows. */
  file?: string | undefined;
}

/** Some turns as columns, which pass between threads without an object for each. */
export interface TurnRows {
  count: number;
  numbers: Record<NumberColumn, Float64Array>;
  texts: Record<TextColumn, Int32Array>;
  flags: Uint8Array;
  /** The texts that `texts` points to. */
  names: string[];
  figures: Figures<Float64Array, Int32Array>;
  /** The keys that `figures` and `calls` point to. */
  keys: FigureKey[];
  calls: CallRow[];
  slow: SlowRow[];
}

/** An object with a value for each of these names. */
export function byName<Name extends string, Value>(names: readonly Name[], make: (name: Name) => Value) {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Value>;
}

/** A key as text: the same for the same key. */
export const figureKeyText = (of: FigureKey['of'], name: string, owner?: Owner): string =>
  owner ? `${of}\n${name}\n${owner.kind}\n${'name' in owner ? owner.name : ''}` : `${of}\n${name}`;
