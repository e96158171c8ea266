import { FirstwordError } from '@firstword/turn';
import type { Use } from '../budget/budget.js';
import type { Unfinished } from '../run/carry-out.js';
import type { Sample } from '../sample.js';
import { journalOf, readJournal } from './journal.js';
import { readRun } from './run-store.js';

function usedBy(samples: readonly Sample[]): Use {
  const use = { requests: 0, tokens: 0, usd: 0 };
  for (const { requests, tokens, costUsd } of samples) {
    use.requests += requests;
    use.tokens += (tokens?.promptTokens ?? 0) + (tokens?.completionTokens ?? 0);
    use.usd += costUsd ?? 0;
  }
  return use;
}

/**
 * What there is of a run that is to be gone on with: its file, or the journal that a crash left.
 * @throws FirstwordError `bad_input` where there is neither or it was carried out to its end, `record_invalid`
 */
export async function readUnfinished(file: string): Promise<Unfinished> {
  const journal = await readJournal(journalOf(file));
  if (journal) return { ...journal, used: usedBy(journal.samples) };
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
