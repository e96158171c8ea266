import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { FirstwordError, redactAll } from '@firstword/turn';
import { type ConvertedExports, convertExports } from '../import/convert-exports.js';
import { noTurnText } from '../import/no-turns.js';
import { buildReport } from '../report/build.js';
import type { InputSummary, TurnReport, UnreadLine } from '../report/turn-report.js';
import { findBadLines } from './bad-lines.js';
import { openQueryEngine, type QueryEngine } from './engine.js';
import { findInputs, type InputFile, salvage } from './inputs.js';
import { fileOrder, loadSegments, loadSilenceSegments, loadTurns } from './load.js';

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
  signal?: AbortSignal | undefined;
  /** Called with the current step and, where known, the fraction done (0 to 1). */
  onProgress?: (step: string, done?: number) => void;
}

/** A report, with the database that holds its turns. */
export interface Analysis {
  report: TurnReport;
  engine: QueryEngine;
  close(): Promise<void>;
}

const NAMED_BAD_LINES = 5;

async function nameBadLines(
  files: readonly InputFile[],
  badLines: Map<number, number>,
  signal: AbortSignal | undefined,
): Promise<UnreadLine[]> {
  const named: UnreadLine[] = [];
  for (const [at, count] of [...badLines].sort(([a], [b]) => a - b)) {
    const name = NAMED_BAD_LINES - named.length;
    if (name > 0) named.push(...(await findBadLines(files[at]!, { count, name, signal })));
  }
  return named;
}

/** Converts exports into one file of turn records; `undefined` where there are none. */
async function convert(
  files: readonly InputFile[],
  dir: string,
  options: AnalyseOptions,
): Promise<{ found: ConvertedExports; file: InputFile } | undefined> {
  const [first] = files;
  if (!first) return undefined;
  const path = join(dir, 'imported.jsonl');
  const onProgress = (done: number) => options.onProgress?.('Reading exports …', done);
  const found = await convertExports(files, { to: path, signal: options.signal, onProgress });
  const name = files.length === 1 ? first.name : `${files.length} exports`;
  return { found, file: { path, name, gzip: false, bytes: 0, form: 'turns' } };
}

async function analyseWith(
  engine: QueryEngine,
  paths: readonly string[],
  options: AnalyseOptions,
): Promise<TurnReport> {
  const { signal, stdin = process.stdin, onProgress } = options;
  onProgress?.('Looking for turn records …');
  const inputs = await findInputs(paths, { stdin, dir: engine.dir, signal });
  const foreign = inputs.files.filter((file) => file.form === 'foreign');
  const converted = await convert(foreign, engine.dir, options);
  const turnFiles = inputs.files.filter((file) => file.form === 'turns');
  let files = fileOrder(converted ? [...turnFiles, converted.file] : turnFiles);
  const fileCount = `${inputs.files.length} ${inputs.files.length === 1 ? 'file' : 'files'}`;
  const load = () =>
    loadTurns(engine, files, (done) => onProgress?.(`Reading the turns of ${fileCount} …`, done));
  const { badLines, duplicates } = await load().catch(async (error: unknown) => {
    signal?.throwIfAborted();
    const { files: unpacked, damaged } = await salvage(files, { dir: engine.dir, signal });
    if (damaged.length === 0) throw error;
    files = unpacked;
    inputs.skipped.push(...damaged);
    return load();
  });
  await loadSegments(engine, files, {
    hasDuplicates: duplicates > 0,
    onProgress: (done) => onProgress?.('Adding up their ledgers …', done),
  });
  await loadSilenceSegments(engine, files);
  const named = await nameBadLines(files, badLines, signal);
  const foreignBad = converted?.found.badLines ?? 0;
  const read: InputSummary = {
    files: inputs.files.length,
    bytes: inputs.files.reduce((sum, file) => sum + file.bytes, 0),
    imported: [...(converted?.found.imported ?? [])].map(([from, turns]) => ({ from, turns })),
    duplicates,
    badLines: [...badLines.values()].reduce((sum, lines) => sum + lines, foreignBad),
    someBadLines: [...(converted?.found.someBadLines ?? []), ...named].slice(0, NAMED_BAD_LINES),
    otherLines: converted?.found.otherLines ?? 0,
    refused: converted?.found.refused ?? [],
    skippedFiles: inputs.skipped,
  };
  onProgress?.('Working out the percentiles …');
  const report = await buildReport(engine, {
    worst: options.worst ?? 5,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    fileName: (file) => files[file]!.name,
    read,
  });
  if (report.turns === 0 && !report.silences.hello) throw new FirstwordError('bad_input', noTurnText(read));
  return options.names ? report : redactAll(report);
}

/**
 * Reads turn records (files, folders with all subfolders, `-`) and computes the report. Bad lines are counted and
 * some of them listed; nothing is dropped silently.
 * @throws FirstwordError `bad_input` where nothing can be read, or DuckDB is not installed
 */
export async function analyse(paths: readonly string[], options: AnalyseOptions = {}): Promise<Analysis> {
  const engine = await openQueryEngine({ signal: options.signal });
  try {
    const report = await analyseWith(engine, paths, options);
    return { report, engine, close: () => engine.close() };
  } catch (error) {
    await engine.close();
    throw error;
  }
}
