import { FirstwordError } from '@firstword/turn';
import type { UnfinishedRun } from '../run/execute-run.js';
import { journalPath, readJournal } from './journal.js';
import { resourcesUsedBy } from './resource-use.js';
import { readRun } from './run-store.js';

/**
 * Reads a run that is to be resumed, from the journal left by a crash, otherwise from its file.
 * @throws FirstwordError `bad_input` where there is neither or the run is complete, `record_invalid`
 */
export async function readUnfinishedRun(file: string): Promise<UnfinishedRun> {
  const journal = await readJournal(journalPath(file));
  if (journal) return { ...journal, used: journal.used ?? resourcesUsedBy(journal.samples) };
  const run = await readRun(file);
  if (!run.partial) {
    throw new FirstwordError('bad_input', `${file} is complete: there is nothing to resume.`);
  }
  const { samples, used, ...header } = run;
  return { header, samples, used };
}
