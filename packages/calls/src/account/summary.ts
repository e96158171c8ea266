import { type Distribution, distribution } from '@firstword/records';
import type { CallAccount } from './account.js';

/** How well the records of an agent account for the tapes of its callers. */
export interface AccountSummary {
  /** Turns found both in the records and on the tapes. */
  turns: number;
  /** Turns on the tapes that no record accounts for. */
  unrecorded: number;
  /** Records whose answer began over the caller's speech, where there is no gap to hear. */
  spokenOver: number;
  /** Records with a felt gap whose answer is on no tape. */
  notOnTape: number;
  /** Accounted turns whose sound was not found again at the other end, so that their transport is not known. */
  notMeasured: number;
  transport?: Distribution;
  /** |ledger + transport − tape|. */
  difference?: Distribution;
  /** What the ledgers leave without an owner. */
  unaccounted?: Distribution;
}

export function summariseAccounts(accounts: readonly CallAccount[]): AccountSummary {
  const turns = accounts.flatMap((account) => account.turns);
  const transport = distribution(turns.flatMap(({ transportMs }) => transportMs ?? []));
  const difference = distribution(
    turns.flatMap(({ differenceMs }) => (differenceMs === undefined ? [] : Math.abs(differenceMs))),
  );
  const unaccounted = distribution(turns.map(({ unaccountedMs }) => unaccountedMs));
  return {
    turns: turns.length,
    unrecorded: accounts.reduce((sum, { unrecordedMs }) => sum + unrecordedMs.length, 0),
    spokenOver: accounts.reduce((sum, { spokenOver }) => sum + spokenOver.length, 0),
    notOnTape: accounts.reduce((sum, { notOnTape }) => sum + notOnTape.length, 0),
    notMeasured: turns.filter(({ transportMs }) => transportMs === undefined).length,
    ...(transport ? { transport } : {}),
    ...(difference ? { difference } : {}),
    ...(unaccounted ? { unaccounted } : {}),
  };
}
