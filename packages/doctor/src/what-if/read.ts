import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { InputSummary } from '@firstword/records';
import { readTurns } from '@firstword/records';
import { convertExports, findInputs, noTurnText, salvage, turnIdentity } from '@firstword/records/import';
import { type CallRecord, FirstwordError, type TurnRecord } from '@firstword/turn';
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
  readonly #random = seededRandom(1);

  add(turn: TurnRecord): void {
    this.found += 1;
    if (this.turns.length < MAX_TURNS) {
      this.turns.push(turn);
      return;
    }
    const at = Math.floor(this.#random.uniform() * this.found);
    if (at < MAX_TURNS) this.turns[at] = turn;
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
  const dir = folder.path;
  try {
    const inputs = await findInputs(paths, { stdin, dir, signal });
    const { files, damaged } = await salvage(inputs.files, { dir, signal });
    const to = join(dir, 'turns.jsonl');
    const calls = new Map<string, CallRecord>();
    const onCall = (call: CallRecord) => {
      const before = calls.get(call.callId);
      // The caller's side reports later when it played the greeting: a second, more exact record.
      if (before?.marks.callerHeard !== undefined && call.marks.callerHeard === undefined) return;
      if (before || calls.size < MAX_CALLS) calls.set(call.callId, call);
    };
    const { imported, ...read } = await convertExports(files, { to, signal, onProgress, onCall });
    const reservoir = new Reservoir();
    const seen = new Set<string>();
    let duplicates = 0;
    for await (const turn of readTurns(to, { onBadLine: () => {}, ...(signal ? { signal } : {}) })) {
      const key = `${turn.callId} ${turnIdentity(turn)}`;
      if (seen.has(key)) duplicates += 1;
      else reservoir.add(turn);
      seen.add(key);
    }
    if (reservoir.found === 0 && calls.size === 0) throw new FirstwordError('bad_input', noTurnText(read));
    return {
      turns: reservoir.turns,
      calls: [...calls.values()],
      found: reservoir.found,
      read: {
        files: inputs.files.length,
        bytes: inputs.files.reduce((sum, file) => sum + file.bytes, 0),
        imported: [...imported].map(([from, turns]) => ({ from, turns })),
        duplicates,
        ...read,
        skippedFiles: [...inputs.skipped, ...damaged],
      },
    };
  } finally {
    await folder.remove();
  }
}
