import { FirstwordError } from '@firstword/turn';
import type { UnfinishedRun } from '../run/execute-run.js';
import { journalPath, readJournal } from './journal.js';
import { resourcesUsedBy } from './resource-use.js';
import { readRun } from './run-store.js';

/**
 * What there is of a run that is to be gone on with: its file, or the journal that a crash left.
 * @throws FirstwordError `bad_input` where there is neither or it was carried out to its end, `record_invalid`
 */
export async function readUnfinishedRun(file: string): Promise<UnfinishedRun> {
  const journal = await readJournal(journalPath(file));
  if (journal) return { ...journal, used: journal.used ?? resourcesUsedBy(journal.samples) };
  const run = await readRun(file);
  if (!run.partial) {
    throw new FirstwordError(
      'bad_input',
      `${file} was carried out to its end: there is nothing to go on with.`,
    );
  }
  const { samples, used, ...header } = run;
  return { header, samples, used };
}
