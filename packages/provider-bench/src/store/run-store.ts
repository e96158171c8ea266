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
    throw new FirstwordError('bad_input', `there is no run at ${file} that can be read: check the path`, {
      cause,
    });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new FirstwordError(
      'record_invalid',
      `${file} is no JSON: give a file that firstword bench wrote.`,
      { cause },
    );
  }
  return parseRunFile(json, file);
}

/** A run that never ended, as far as it went. */
function crashed({ header, samples, used }: JournalContents, file: string): RunFile {
  const last = samples.at(-1);
  const endedMs = last ? last.startedMs + (last.phases.endMs ?? 0) : 0;
  const plannedRequests = schedule(header.plan, header.arms, 1).length;
  const soFar = `${samples.length} of ${plannedRequests} requests`;
  const message = `Ended without a word after ${soFar}, or still under way. Go on with: firstword bench --resume ${file}`;
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
 * Reads a run; one that was killed, or is under way, from its journal.
 * @throws FirstwordError `bad_input` where it cannot be read, `record_invalid` where it is no run
 */
export async function readRun(file: string): Promise<RunFile> {
  const journal = await readJournal(journalPath(file)).catch(() => undefined);
  if (!journal) return fileOf(file);
  try {
    const run = await fileOf(file);
    // The journal of another run to the same file, begun later, hides none that is whole.
    return run.startedAt === journal.header.startedAt && run.partial ? crashed(journal, file) : run;
  } catch {
    return crashed(journal, file);
  }
}

/**
 * Never half a file: it is whole before it has its name.
 * @throws FirstwordError `unwritable`
 */
export async function writeRun(file: string, run: RunFile): Promise<void> {
  try {
    await writeFile(`${file}.new`, `${JSON.stringify(run)}\n`);
    await rename(`${file}.new`, file);
  } catch (cause) {
    await rm(`${file}.new`, { force: true }).catch(() => {});
    const message = `the run cannot be written to ${file}: what could be kept of its samples is in ${journalPath(file)}`;
    throw new FirstwordError('unwritable', message, { cause });
  }
}
