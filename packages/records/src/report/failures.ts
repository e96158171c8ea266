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
import { countBy } from './count-by.js';
import type { TurnReport } from './turn-report.js';

/** Why a turn failed, as text. */
export const failureReason = (failure: TurnFailure | undefined): string =>
  failure ? failureText(failure) : 'the reason is not reported';

/** How these turns ended, and why some failed. */
export function outcomesOf(records: readonly TurnRecord[]): Pick<TurnReport, 'outcomes' | 'failures'> {
  const failed = records.filter((record) => isFailed(outcomeOf(record)));
  return {
    outcomes: countBy(records.map(outcomeOf)).map(({ value, turns }) => ({ outcome: value, turns })),
    failures: {
      turns: failed.length,
      reasons: countBy(failed.map(({ failure }) => failureReason(failure))).map(({ value, turns }) => ({
        reason: value,
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

/** Whether a turn that `loadTurns` has read failed, in SQL. */
export const HAS_FAILED = `coalesce(outcome IN (${FAILED_OUTCOMES.map((name) => `'${name}'`).join(', ')}), false)`;

/** The same as `outcomesOf`, of the turns that `loadTurns` has read. */
export async function queryOutcomes(engine: QueryEngine): Promise<Pick<TurnReport, 'outcomes' | 'failures'>> {
  const outcomes = await engine.rows<{ outcome: TurnOutcome | null; turns: number }>(
    'SELECT outcome, count(*)::DOUBLE AS turns FROM turns GROUP BY 1 ORDER BY 2 DESC, 1',
  );
  const rows = await engine.rows<FailureRow>(
    `SELECT failedPart AS part, failureCode AS code, failureStatus AS status, count(*)::DOUBLE AS turns FROM turns
      WHERE ${HAS_FAILED} GROUP BY ALL ORDER BY turns DESC, code`,
  );
  const reasons = rows.map(({ part, code, status, turns }) => {
    const failure = part && code ? { part, code, ...(status === null ? {} : { status }) } : undefined;
    return { reason: failureReason(failure), turns };
  });
  return {
    outcomes: outcomes.map(({ outcome, turns }) => ({ outcome: outcome ?? undefined, turns })),
    failures: { turns: reasons.reduce((sum, { turns }) => sum + turns, 0), reasons },
  };
}
