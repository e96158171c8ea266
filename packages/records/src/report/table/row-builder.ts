import {
  type CallRecord,
  feltGapOf,
  helloBetween,
  isFailed,
  noAnswerReason,
  type Owner,
  outcomeOf,
  type TurnRecord,
  toMarkGrid,
} from '@firstword/turn';
import { turnOrdinal } from '../../import/turn-identity.js';
import { failureKey } from '../failures.js';
import { REPORTED_DURATIONS } from '../turn-report.js';
import { type Growing, growingBytes, growingDoubles, growingIntegers } from './growing.js';
import { Interner } from './interner.js';
import type { Slowest } from './slowest.js';
import {
  byName,
  type CallRow,
  type FigureKey,
  type Figures,
  FLAG,
  figureKeyText,
  NO_TEXT,
  NUMBER_COLUMNS,
  type NumberColumn,
  type SlowRow,
  TEXT_COLUMNS,
  type TextColumn,
  type TurnRows,
} from './turn-rows.js';

interface PathPart {
  name: string;
  owner: Owner;
  durationMs: number;
  gainMs?: number | undefined;
}

/** Names of the levers that were on; `none` where all were off, `undefined` where the record does not say. */
function leversText(levers: TurnRecord['levers']): string | undefined {
  if (!levers) return undefined;
  const on = Object.keys(levers).filter((name) => levers[name]);
  return on.length === 0 ? 'none' : on.sort().join(' + ');
}

/** To the first frame sent, of a turn of another tool. */
function frameMsOf({ marks: { speechEnded, framePublished }, imported }: TurnRecord): number | undefined {
  if (!imported) return undefined;
  const isKnown = speechEnded !== undefined && framePublished !== undefined && framePublished >= speechEnded;
  return isKnown ? toMarkGrid(framePublished - speechEnded) : imported.e2eMs;
}

/** What a report needs of turns, as columns. */
export class RowBuilder {
  readonly #numbers = byName(NUMBER_COLUMNS, growingDoubles);
  readonly #texts = byName(TEXT_COLUMNS, growingIntegers);
  readonly #flags = growingBytes();
  readonly #names = new Interner<string>();
  readonly #keys = new Interner<FigureKey>();
  readonly #figures: Figures<Growing<Float64Array>, Growing<Int32Array>> = {
    row: growingIntegers(),
    key: growingIntegers(),
    ms: growingDoubles(),
    gainMs: growingDoubles(),
  };
  readonly #calls: CallRow[] = [];
  readonly #slow: SlowRow[] = [];
  readonly #slowestGaps: Slowest;
  readonly #slowestFrames: Slowest;

  /** @param slowest the slowest turns so far, by each measure: a builder gives those that are slower */
  constructor(slowest: { gaps: Slowest; frames: Slowest }) {
    this.#slowestGaps = slowest.gaps;
    this.#slowestFrames = slowest.frames;
  }

  get count(): number {
    return this.#flags.length;
  }

  /** @param file of its record, where the rows are of several */
  addTurn(record: TurnRecord, file?: string): void {
    const row = this.count;
    const outcome = outcomeOf(record);
    const gap = feltGapOf(record);
    const gapMs = typeof gap === 'number' ? gap : undefined;
    const hasAnswer = noAnswerReason(record) === undefined;
    const frameMs = hasAnswer ? frameMsOf(record) : undefined;
    const { llm, toolSilence } = record;
    this.#pushNumbers({
      turn: record.turn,
      atMs: Date.parse(record.at),
      ordinal: turnOrdinal(record),
      gapMs,
      frameMs,
      toolMs: toolSilence?.longestMs,
    });
    this.#pushTexts({
      callId: record.callId,
      problem: typeof gap === 'string' ? (record.problem ?? gap) : undefined,
      outcome,
      failure: isFailed(outcome) ? failureKey(record.failure) : undefined,
      provider: llm?.provider,
      model: llm?.model,
      levers: leversText(record.levers),
      region: llm?.region,
    });
    this.#flags.push(
      (record.interrupted ? FLAG.interrupted : 0) |
        (record.bargeIn ? FLAG.bargeIn : 0) |
        (record.toolCalls > 0 ? FLAG.hasTools : 0) |
        (llm?.emulated ? FLAG.isEmulated : 0) |
        (isFailed(outcome) ? FLAG.hasFailed : 0),
    );
    if (hasAnswer) for (const one of record.segments) this.#addPart(row, 'segment', one);
    for (const one of toolSilence?.segments ?? []) this.#addPart(row, 'tool', one);
    this.#addOthers(row, record);
    const isSlow = gapMs !== undefined && this.#slowestGaps.add({ ms: gapMs, record, file: '' });
    const isSlowFrame = frameMs !== undefined && this.#slowestFrames.add({ ms: frameMs, record, file: '' });
    if (isSlow || isSlowFrame) this.#slow.push({ row, record, file });
  }

  addCall(record: CallRecord): void {
    const helloMs = helloBetween(record.marks);
    this.#calls.push({
      callId: record.callId,
      helloMs,
      problem: helloMs === undefined ? record.problem : undefined,
      isHeard: record.marks.callerHeard !== undefined,
      parts: record.segments.flatMap(({ name, owner, durationMs }) => [
        this.#keyOf('hello', name, owner),
        durationMs,
      ]),
    });
  }

  /** The columns; the builder is not used after that. */
  rows(): TurnRows {
    const { row, key, ms, gainMs } = this.#figures;
    return {
      count: this.count,
      numbers: byName(NUMBER_COLUMNS, (name) => this.#numbers[name].view()),
      texts: byName(TEXT_COLUMNS, (name) => this.#texts[name].view()),
      flags: this.#flags.view(),
      names: this.#names.values,
      figures: { row: row.view(), key: key.view(), ms: ms.view(), gainMs: gainMs.view() },
      keys: this.#keys.values,
      calls: this.#calls,
      slow: this.#slow,
    };
  }

  #pushNumbers(values: Record<NumberColumn, number | undefined>): void {
    for (const name of NUMBER_COLUMNS) this.#numbers[name].push(values[name] ?? Number.NaN);
  }

  #pushTexts(values: Record<TextColumn, string | undefined>): void {
    for (const name of TEXT_COLUMNS) {
      const text = values[name];
      this.#texts[name].push(text === undefined ? NO_TEXT : this.#names.indexOf(text, () => text));
    }
  }

  #addOthers(row: number, { interruptions = [], imported }: TurnRecord): void {
    for (const { callerFromMs, stoppedMs, isFalse } of interruptions)
      if (!isFalse) this.#addFigure(row, this.#keyOf('stop', ''), (stoppedMs ?? Number.NaN) - callerFromMs);
    if (!imported) return;
    for (const name of REPORTED_DURATIONS) {
      const ms = imported[name];
      if (ms !== undefined) this.#addFigure(row, this.#keyOf('reported', name), ms);
    }
  }

  #addPart(row: number, of: FigureKey['of'], { name, owner, durationMs, gainMs }: PathPart): void {
    this.#addFigure(row, this.#keyOf(of, name, owner), durationMs, gainMs);
  }

  #addFigure(row: number, key: number, ms: number, gainMs = Number.NaN): void {
    this.#figures.row.push(row);
    this.#figures.key.push(key);
    this.#figures.ms.push(ms);
    this.#figures.gainMs.push(gainMs);
  }

  #keyOf(of: FigureKey['of'], name: string, owner?: Owner): number {
    return this.#keys.indexOf(figureKeyText(of, name, owner), () => ({
      of,
      name,
      ...(owner ? { owner } : {}),
    }));
  }
}
