import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Diagnosis, diagnose, examine, findingsHtml } from '@firstword/doctor';
import {
  type Analysis,
  analyse,
  type Budget,
  budgetLines,
  checkBudget,
  compareReports,
  parseBudget,
  type ReportComparison,
  renderReport,
  renderReportComparison,
  reportComparisonHtml,
  reportComparisonMarkdown,
  reportHtml,
  reportMarkdown,
  type TurnReport,
} from '@firstword/records';
import { FirstwordError } from '@firstword/turn';
import { stopSignal } from '../../stop-signal.js';
import { styleOf } from '../../terminal/style.js';
import type { ReportOptions } from './options.js';
import { ReportProgress } from './progress.js';

const DEFAULT_PATH = 'firstword-out';

type Found = TurnReport | ReportComparison;

function print(found: Found, options: ReportOptions): void {
  const { stdout } = process;
  if (options.json) stdout.write(`${JSON.stringify(found)}\n`);
  else if (found.type === 'report') {
    stdout.write(options.md ? reportMarkdown(found) : `\n${renderReport(found, styleOf(stdout))}\n`);
  } else {
    stdout.write(
      options.md ? reportComparisonMarkdown(found) : `\n${renderReportComparison(found, styleOf(stdout))}\n`,
    );
  }
}

async function writePage(found: Found, file: string, diagnosis: Diagnosis | undefined): Promise<void> {
  const path = resolve(file);
  try {
    await writeFile(
      path,
      found.type === 'report'
        ? reportHtml(found, diagnosis && findingsHtml(diagnosis))
        : reportComparisonHtml(found),
      { mode: 0o600 },
    );
  } catch (cause) {
    const message = `the page cannot be written to ${path}: choose a location that you may write to`;
    throw new FirstwordError('unwritable', message, { cause });
  }
  process.stderr.write(`Page: ${path}\n`);
}

/** Prints the result of each limit on stderr (stdout is for the figures) and sets exit code 1 if one is exceeded. */
function applyBudget(report: TurnReport, budget: Budget): void {
  const result = checkBudget(report, budget);
  for (const line of budgetLines(result)) process.stderr.write(`budget ${line}\n`);
  if (!result.kept) process.exitCode = 1;
}

/** The doctor's diagnosis for the page of a single set. `undefined` for standard input, which cannot be read twice. */
async function diagnosisFor(
  sets: readonly string[][],
  { names, signal, progress }: { names?: boolean | undefined; signal: AbortSignal; progress: ReportProgress },
) {
  const [paths] = sets;
  if (sets.length !== 1 || !paths) return undefined;
  if (paths.includes('-')) {
    process.stderr.write(
      'The page has no findings: standard input cannot be read twice. Give a file, or run firstword doctor.\n',
    );
    return undefined;
  }
  const onProgress = (done: number) => progress.show('looking for causes', done);
  return diagnose(await examine(paths, { signal, onProgress }), undefined, { names });
}

/** The sets of paths to read: one, or two for a comparison. */
function setsOf({ paths, compare, json, md }: ReportOptions): string[][] {
  if (json && md) throw new FirstwordError('bad_input', 'give --json or --md, not both');
  if (!compare) return [paths.length > 0 ? paths : [DEFAULT_PATH]];
  if (compare.length !== 2 || paths.length > 0) {
    throw new FirstwordError(
      'bad_input',
      '--compare takes two sets of records: firstword report --compare A B',
    );
  }
  if (compare.every((path) => path === '-')) {
    throw new FirstwordError('bad_input', 'standard input can be one side of a comparison, not both');
  }
  return compare.map((path) => [path]);
}

/** `firstword report`. */
export async function report(options: ReportOptions): Promise<void> {
  const budget = options.budget === undefined ? undefined : parseBudget(options.budget);
  const { worst, names } = options;
  const sets = setsOf(options);
  const signal = stopSignal();
  const progress = new ReportProgress();
  try {
    const analyses: Analysis[] = [];
    for (const paths of sets) {
      const onProgress = (step: string, done?: number) => progress.show(step, done);
      analyses.push(await analyse(paths, { worst, names, signal, onProgress }));
    }
    const [a, b] = analyses;
    const found = b ? compareReports(a!, b) : a!.report;
    progress.clear();
    print(found, options);
    if (options.html !== undefined) {
      await writePage(found, options.html, await diagnosisFor(sets, { names, signal, progress }));
    }
    if (budget) applyBudget((b ?? a!).report, budget);
  } finally {
    progress.clear();
  }
}
