import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  appendToHistory,
  type BenchReport,
  benchCsv,
  benchMarkdown,
  benchPage,
  benchReport,
  compareRuns,
  type OtherStages,
  otherStages,
  parseTrend,
  type RunComparison,
  type RunFile,
  readRun,
  renderBench,
  renderRunComparison,
  runComparisonMarkdown,
  runComparisonPage,
  trendPage,
  trendPoint,
} from '@firstword/provider-bench';
import { readTurns } from '@firstword/records';
import { FirstwordError, type TurnRecord } from '@firstword/turn';
import { styleOf } from '../../terminal/style.js';
import type { BenchOptions } from './options.js';
import { notesOf } from './screen.js';

/** A run with its report, and the comparison with an older run if one was given. */
interface Results {
  run: RunFile;
  report: BenchReport;
  comparison?: RunComparison;
  old?: RunFile;
}

/** Files that are read before the measurement starts, so that a wrong path is reported first. */
export interface ResultInputs {
  stages?: OtherStages;
  old?: RunFile;
}

async function stagesOf(path: string, signal: AbortSignal): Promise<OtherStages> {
  const records: TurnRecord[] = [];
  for await (const record of readTurns(path, { signal, onBadLine: () => {} })) records.push(record);
  return otherStages(records, path);
}

/**
 * Reads the turn records of `--stages` and the older run of `--compare`.
 * @throws FirstwordError `bad_input` or `record_invalid` for an unusable file or conflicting options
 */
export async function resultInputs(
  { stages, compare, json, md, trend, history }: BenchOptions,
  { signal }: { signal: AbortSignal },
): Promise<ResultInputs> {
  if (json && md) throw new FirstwordError('bad_input', 'give --json or --md, not both');
  if (trend !== undefined && history === undefined) {
    throw new FirstwordError('bad_input', '--trend needs a history: name its file with --history FILE');
  }
  return {
    ...(stages === undefined ? {} : { stages: await stagesOf(stages, signal) }),
    ...(compare === undefined ? {} : { old: await readRun(compare) }),
  };
}

function print({ run, report, comparison }: Results, { json, md }: BenchOptions): void {
  const { stdout } = process;
  const style = styleOf(stdout);
  if (json) stdout.write(`${JSON.stringify(comparison ?? report)}\n`);
  else if (md) stdout.write(comparison ? runComparisonMarkdown(comparison, run) : benchMarkdown(run, report));
  else {
    stdout.write(`\n${renderBench(run, report, style)}`);
    if (comparison) stdout.write(`\n${renderRunComparison(comparison, style)}`);
  }
}

async function write(what: string, file: string, text: string): Promise<void> {
  const path = resolve(file);
  try {
    await writeFile(path, text, { mode: 0o600 });
  } catch (cause) {
    const message = `the ${what} cannot be written to ${path}: choose a location that you may write to`;
    throw new FirstwordError('unwritable', message, { cause });
  }
  process.stderr.write(`${what[0]!.toUpperCase()}${what.slice(1)}: ${path}\n`);
}

async function writeFiles({ run, report, comparison, old }: Results, options: BenchOptions): Promise<void> {
  const { html, csv, history, trend } = options;
  if (html !== undefined) {
    const page =
      comparison && old ? runComparisonPage(comparison, { old, now: run }) : benchPage(run, report);
    await write('page', html, page);
  }
  if (csv !== undefined) await write('table', csv, benchCsv(run));
  if (history === undefined) return;
  await appendToHistory(history, trendPoint(report, { region: run.machine.region }));
  if (trend === undefined) return;
  await write('trend', trend, trendPage(parseTrend(await readFile(history, 'utf8'), history)));
}

/**
 * Prints the results of a run and writes the requested files.
 * @throws FirstwordError `unwritable` for a file that cannot be written; the run's own file is not affected
 */
export async function showResults(
  run: RunFile,
  options: { bench: BenchOptions; inputs: ResultInputs; file: string },
): Promise<void> {
  const { bench, inputs, file } = options;
  const stages = inputs.stages ? { stages: inputs.stages } : {};
  const report = benchReport(run, stages);
  const { old } = inputs;
  const compared = old ? { old, comparison: compareRuns(old, run, stages) } : {};
  const results = { run, report, ...compared };
  print(results, bench);
  const notes = notesOf(run, { forPrograms: Boolean(bench.json || bench.md), file });
  process.stderr.write(`\n${notes.join('\n')}\nSamples: ${file}\n`);
  await writeFiles(results, bench);
}
