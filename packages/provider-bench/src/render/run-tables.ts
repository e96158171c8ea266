import type { BenchReport } from '../analyse/report.js';
import type { RunFile } from '../run-file.js';
import { serversTable } from './servers.js';
import { reportOf, speechDetailTables, speechKinds, speechTimesTable } from './speech-tables.js';
import {
  type ArmNames,
  FULL_NAMES,
  feltTable,
  languagesTable,
  phasesTable,
  steadinessTable,
  type Table,
  timesTable,
  usageTable,
  variantsTable,
  whatIfTable,
} from './tables.js';

/** Whether a run has LLMs. */
export const hasLlm = ({ arms }: BenchReport): boolean => arms.some(({ arm }) => !arm.kind);

/** Makes the table of the compared times of one kind with these options. */
export type TimesTable = (options: Parameters<typeof timesTable>[1]) => Table;

/** The compared times of each kind of a run: LLMs first. */
export function timesTables(report: BenchReport): TimesTable[] {
  const kinds = speechKinds(report).map(
    (kind): TimesTable =>
      (options) =>
        speechTimesTable(report, kind, options),
  );
  return [
    ...(hasLlm(report)
      ? [(options: Parameters<TimesTable>[0]) => timesTable(reportOf(report), options)]
      : []),
    ...kinds,
  ];
}

/**
 * The tables besides the compared times, the effects of settings and the failures.
 * @param options.percents hedge delays to show, as percentiles of the primary; default all
 */
export function detailTables(
  run: RunFile,
  report: BenchReport,
  options: { naming?: ArmNames; narrow?: boolean; percents?: readonly number[] } = {},
): (Table | undefined)[] {
  const { naming = FULL_NAMES, narrow = false, percents } = options;
  const llm = reportOf(report);
  const ofLlms = [
    feltTable(llm, naming),
    phasesTable(llm, { narrow, naming }),
    serversTable(run.servers),
    usageTable(llm, naming),
    languagesTable(llm, naming),
    whatIfTable(report, { naming, ...(percents ? { percents } : {}) }),
  ];
  return [
    ...(hasLlm(report) ? ofLlms : []),
    ...(speechKinds(report).length > 0 ? speechDetailTables(report, naming) : []),
  ];
}

/** All tables of a run. */
export function runTables(
  run: RunFile,
  report: BenchReport,
  naming: ArmNames = FULL_NAMES,
): (Table | undefined)[] {
  return [
    ...timesTables(report).map((table) => table({ naming })),
    variantsTable(report, naming),
    steadinessTable(report, { naming }),
    ...detailTables(run, report, { naming }),
  ];
}
