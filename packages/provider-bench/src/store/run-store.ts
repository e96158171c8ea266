import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { FirstwordError } from '@firstword/turn';
import { schedule } from '../plan/schedule.js';
import { parseRunFile, type RunFile } from '../run-file.js';
import { type JournalContents, journalPath, readJournal } from './journal.js';
import { resourcesUsedBy } from './resource-use.js';

async function fileOf(file: string): Promise<RunFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new FirstwordError('bad_input', `no run can be read at ${file}: check the path`, {
      cause,
    });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new FirstwordError(
      'record_invalid',
      `${file} is not JSON: give a file written by firstword bench.`,
      { cause },
    );
  }
  return parseRunFile(json, file);
}

/** An incomplete run, from its journal. */
function crashed({ header, samples, used }: JournalContents, file: string): RunFile {
  const last = samples.at(-1);
  const endedMs = last ? last.startedMs + (last.phases.endMs ?? 0) : 0;
  const plannedRequests = schedule(header.plan, header.arms, 1).length;
  const soFar = `${samples.length} of ${plannedRequests} requests`;
  const message = `Crashed after ${soFar}, or still running. Resume with: firstword bench --resume ${file}`;
  return {
    ...header,
    finishedAt: new Date(Date.parse(header.startedAt) + endedMs).toISOString(),
    partial: { reason: 'crashed', message },
    abandoned: [],
    used: used ?? resourcesUsedBy(samples),
    plannedRequests,
    samples: [...samples].sort((a, b) => a.startedMs - b.startedMs),
  };
}

/**
 * Reads a run. One that crashed or is still running is read from its journal.
 * @throws FirstwordError `bad_input` where it cannot be read, `record_invalid` where it is not a run
 */
export async function readRun(file: string): Promise<RunFile> {
  const journal = await readJournal(journalPath(file)).catch(() => undefined);
  if (!journal) return fileOf(file);
  try {
    const run = await fileOf(file);
    // A journal that belongs to a later run to the same file must not hide a complete run.
    return run.startedAt === journal.header.startedAt && run.partial ? crashed(journal, file) : run;
  } catch {
    return crashed(journal, file);
  }
}

/**
 * Writes a run file atomically.
 * @throws FirstwordError `unwritable`
 */
export async function writeRun(file: string, run: RunFile): Promise<void> {
  try {
    await writeFile(`${file}.new`, `${JSON.stringify(run)}\n`, { mode: 0o600 });
    await rename(`${file}.new`, file);
  } catch (cause) {
    await rm(`${file}.new`, { force: true }).catch(() => {});
    const message = `the run cannot be written to ${file}: the samples written so far are in ${journalPath(file)}`;
    throw new FirstwordError('unwritable', message, { cause });
  }
}
