import type { Readable } from 'node:stream';
import { FirstwordError, redactAll } from '@firstword/turn';
import { openTemporaryFolder } from '@firstword/turn/store';
import { findInputs, type Inputs } from '../import/inputs.js';
import { noTurnText } from '../import/no-turns.js';
import { buildReport } from './build.js';
import { type ReadTable, readTable } from './table/read-table.js';
import type { InputSummary, Measure, TurnReport } from './turn-report.js';

/** Options of `analyse`. */
export interface AnalyseOptions {
  /** What the path `-` reads; `process.stdin` by default. */
  stdin?: Readable;
  /** How many of the slowest turns to list; 5 by default. */
  worst?: number;
  /** The same seed gives the same intervals. */
  seed?: number;
  /** Show call ids and file names unredacted, telephone numbers included; false by default. */
  names?: boolean | undefined;
  /** Threads that read turn records; by default up to four, and none for small inputs. 0 reads them in this thread. */
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Called with the current step and, where known, the fraction done (0 to 1). */
  onProgress?: (step: string, done?: number) => void;
}

/** A report, with the values that its percentiles are of. */
export interface Analysis {
  report: TurnReport;
  /** Ascending: the felt gaps; the first frames of turns that have no felt gap. */
  sortedMs: Record<Measure, Float64Array>;
}

function summaryOf({ files, skipped }: Inputs, found: ReadTable): InputSummary {
  return {
    files: files.length,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    imported: [...found.imported].map(([from, turns]) => ({ from, turns })),
    duplicates: found.duplicates,
    badLines: found.badLines,
    someBadLines: found.someBadLines,
    otherLines: found.otherLines,
    refused: found.refused,
    skippedFiles: [...skipped, ...found.damaged],
  };
}

/**
 * Reads turn records and all other formats that Firstword knows (files, folders with all subfolders, `-`) and computes the
 * report. Bad lines are counted and some of them listed; nothing is dropped silently. Needs some 300 bytes of memory a turn.
 * @throws FirstwordError `bad_input` where nothing can be read, or there is no turn; what the signal was aborted with
 */
export async function analyse(paths: readonly string[], options: AnalyseOptions = {}): Promise<Analysis> {
  const { stdin = process.stdin, worst = 5, seed = 1, threads, signal, onProgress } = options;
  const folder = await openTemporaryFolder({ purpose: 'report' });
  try {
    onProgress?.('Looking for turn records …');
    const inputs = await findInputs(paths, { stdin, dir: folder.path, signal });
    const { length } = inputs.files;
    const found = await readTable(inputs.files, {
      slowest: worst,
      threads,
      signal,
      onProgress: (done) => onProgress?.(`Reading ${length} ${length === 1 ? 'file' : 'files'} …`, done),
    });
    onProgress?.('Working out the percentiles …');
    const read = summaryOf(inputs, found);
    const { report, sortedMs } = await buildReport(found.table, { worst, seed, read, signal });
    if (report.turns === 0 && !report.silences.hello) throw new FirstwordError('bad_input', noTurnText(read));
    return { report: options.names ? report : redactAll(report), sortedMs };
  } finally {
    await folder.remove();
  }
}
