import type { Readable } from 'node:stream';
import type { InputSummary } from '@firstword/records';
import { findInputs, InputReader, noTurnText, readFiles, turnIdentity } from '@firstword/records/import';
import {
  type CallRecord,
  FirstwordError,
  type TurnObservation,
  type TurnRecord,
  toTurnRecord,
} from '@firstword/turn';
import { seededRandom } from '@firstword/turn/statistics';
import { openTemporaryFolder } from '@firstword/turn/store';

/** More turns do not change the percentiles; this also bounds the memory. */
const MAX_TURNS = 20_000;
/** Records of calls, whose times to hello are replayed. */
const MAX_CALLS = 20_000;

/** Options of `readWhatIfInput`. */
export interface ReadWhatIfInputOptions {
  /** Input of the path `-`; `process.stdin` by default. */
  stdin?: Readable;
  signal?: AbortSignal | undefined;
  /** Called with the fraction read, 0 to 1. */
  onProgress?: (done: number) => void;
}

/** Turns to replay, and what was read. */
export interface WhatIfInput {
  turns: TurnRecord[];
  /** Calls, at most 20,000: one record of each. */
  calls: CallRecord[];
  /** Turns that were found; more than `turns` where a random part of very many was taken. */
  found: number;
  read: InputSummary;
}

/** Vitter's algorithm R: every turn is as likely to be among those kept. */
class Reservoir {
  readonly turns: TurnRecord[] = [];
  found = 0;
  duplicates = 0;
  /** Turns by the export that they come from. */
  readonly imported = new Map<string, number>();
  readonly #seen = new Set<string>();
  readonly #random = seededRandom(1);

  add(turn: TurnRecord | TurnObservation): void {
    const { transcript: _, ...record } = 'schema' in turn ? turn : toTurnRecord(turn);
    const from = record.imported?.from;
    if (!('schema' in turn) && from) this.imported.set(from, (this.imported.get(from) ?? 0) + 1);
    const key = `${record.callId} ${turnIdentity(record)}`;
    if (this.#seen.has(key)) this.duplicates += 1;
    else this.#keep(record);
    this.#seen.add(key);
  }

  #keep(record: TurnRecord): void {
    this.found += 1;
    if (this.turns.length < MAX_TURNS) {
      this.turns.push(record);
      return;
    }
    const at = Math.floor(this.#random.uniform() * this.found);
    if (at < MAX_TURNS) this.turns[at] = record;
  }
}

/** One record of each call. */
class Calls {
  readonly #records = new Map<string, CallRecord>();

  add(call: CallRecord): void {
    const before = this.#records.get(call.callId);
    // The caller's side reports later when it played the greeting: a second, more exact record.
    if (before?.marks.callerHeard !== undefined && call.marks.callerHeard === undefined) return;
    if (before || this.#records.size < MAX_CALLS) this.#records.set(call.callId, call);
  }

  get records(): CallRecord[] {
    return [...this.#records.values()];
  }
}

/**
 * Reads every input that Firstword knows, mixed: files, folders with all below them, `-`.
 * @throws FirstwordError `bad_input` where there is nothing, or no turn in it
 */
export async function readWhatIfInput(
  paths: readonly string[],
  options: ReadWhatIfInputOptions = {},
): Promise<WhatIfInput> {
  const { stdin = process.stdin, signal, onProgress } = options;
  const folder = await openTemporaryFolder({ purpose: 'what-if' });
  try {
    const { files, skipped } = await findInputs(paths, { stdin, dir: folder.path, signal });
    const reservoir = new Reservoir();
    const calls = new Calls();
    const reader = new InputReader({
      turn: (turn) => reservoir.add(turn),
      call: (record) => calls.add(record),
    });
    const damaged = await readFiles(files, {
      signal,
      onProgress,
      read: (line, file) => reader.line(line, file.name, { isOfRecords: file.form === 'turns' }),
    });
    const { badLines, someBadLines, otherLines, refused, duplicates } = reader.finish();
    if (reservoir.found === 0 && calls.records.length === 0)
      throw new FirstwordError('bad_input', noTurnText({ refused, someBadLines }));
    return {
      turns: reservoir.turns,
      calls: calls.records,
      found: reservoir.found,
      read: {
        files: files.length,
        bytes: files.reduce((sum, file) => sum + file.bytes, 0),
        imported: [...reservoir.imported].map(([from, turns]) => ({ from, turns })),
        duplicates: reservoir.duplicates + duplicates,
        badLines,
        someBadLines,
        otherLines,
        refused,
        skippedFiles: [...skipped, ...damaged],
      },
    };
  } finally {
    await folder.remove();
  }
}
