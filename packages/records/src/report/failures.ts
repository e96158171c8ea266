import {
  FAILED_OUTCOMES,
  failureText,
  isFailed,
  outcomeOf,
  type TurnFailure,
  type TurnOutcome,
  type TurnRecord,
} from '@firstword/turn';
import type { QueryEngine } from '../engine/engine.js';
import type { FailureSummary, TurnReport } from './turn-report.js';

const REASON_UNKNOWN = 'the reason is not reported';

const reasonOf = (failure: TurnFailure | undefined): string =>
  failure ? failureText(failure) : REASON_UNKNOWN;

function ranked<Key>(keys: Iterable<Key>): [Key, number][] {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** How these turns ended, and why some failed. */
export function outcomesOf(records: readonly TurnRecord[]): Pick<TurnReport, 'outcomes' | 'failures'> {
  const failed = records.filter((record) => isFailed(outcomeOf(record)));
  return {
    outcomes: ranked(records.map(outcomeOf)).map(([outcome, turns]) => ({ outcome, turns })),
    failures: {
      turns: failed.length,
      reasons: ranked(failed.map(({ failure }) => reasonOf(failure))).map(([reason, turns]) => ({
        reason,
        turns,
      })),
    },
  };
}

interface FailureRow {
  part: TurnFailure['part'] | null;
  code: string | null;
  status: number | null;
  turns: number;
}

/** The same, of the turns that `loadTurns` has read. */
export async function queryOutcomes(engine: QueryEngine): Promise<Pick<TurnReport, 'outcomes' | 'failures'>> {
  const outcomes = await engine.rows<{ outcome: TurnOutcome | null; turns: number }>(
    'SELECT outcome, count(*)::DOUBLE AS turns FROM turns GROUP BY 1 ORDER BY 2 DESC, 1',
  );
  const failed = FAILED_OUTCOMES.map((name) => `'${name}'`).join(', ');
  const rows = await engine.rows<FailureRow>(
    `SELECT failedPart AS part, failureCode AS code, failureStatus AS status, count(*)::DOUBLE AS turns FROM turns
      WHERE outcome IN (${failed}) GROUP BY ALL ORDER BY turns DESC, code`,
  );
  const reasons = rows.map(({ part, code, status, turns }) => {
    const failure = part && code ? { part, code, ...(status === null ? {} : { status }) } : undefined;
    return { reason: reasonOf(failure), turns };
  });
  return {
    outcomes: outcomes.map(({ outcome, turns }) => ({ outcome: outcome ?? undefined, turns })),
    failures: { turns: reasons.reduce((sum, { turns }) => sum + turns, 0), reasons },
  };
}

const counted = new Intl.NumberFormat('en');

/**
 * `12 of 40 turns failed: LLM answered 401: the key was refused`; with several reasons, each with its count.
 * @returns `undefined` where none failed
 */
export function failuresText(failures: FailureSummary, turns: number): string | undefined {
  if (failures.turns === 0) return undefined;
  const { reasons } = failures;
  const shown = reasons
    .slice(0, 3)
    .map(({ reason, turns: count }) =>
      reasons.length === 1 ? reason : `${reason} (${counted.format(count)})`,
    );
  const more = reasons.length > shown.length ? [`${reasons.length - shown.length} more reasons`] : [];
  const noun = turns === 1 ? 'turn' : 'turns';
  return `${counted.format(failures.turns)} of ${counted.format(turns)} ${noun} failed: ${[...shown, ...more].join('; ')}`;
}
