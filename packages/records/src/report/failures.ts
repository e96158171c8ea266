import {
  failureText,
  isFailed,
  outcomeOf,
  type TurnFailure,
  type TurnOutcome,
  type TurnRecord,
} from '@firstword/turn';
import { countBy } from './count-by.js';
import { compareTexts, countKeys } from './table/select.js';
import type { TurnTable } from './table/turn-table.js';
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

/** A failure as a text that is the same for the same failure. */
export const failureKey = (failure: TurnFailure | undefined): string =>
  failure ? `${failure.code}\n${failure.part}\n${failure.status ?? ''}` : '';

/** The failure of a `failureKey`. */
function failureOf(key: string): TurnFailure | undefined {
  const [code, part, status] = key.split('\n') as [string, TurnFailure['part'], string];
  return key === '' ? undefined : { code, part, ...(status === '' ? {} : { status: Number(status) }) };
}

/** The same as `outcomesOf`, of the turns of a table. */
export function outcomesOfTable(table: TurnTable): Pick<TurnReport, 'outcomes' | 'failures'> {
  const { outcome, failure } = table.columns.texts;
  const counted = (column: Int32Array) =>
    [...countKeys(column)]
      .map(([index, turns]) => ({ name: table.nameOf(index), turns }))
      .sort((a, b) => b.turns - a.turns || compareTexts(a.name, b.name));
  const reasons = counted(failure).flatMap(({ name, turns }) =>
    name === undefined ? [] : [{ reason: failureReason(failureOf(name)), turns }],
  );
  return {
    outcomes: counted(outcome).map(({ name, turns }) => ({
      outcome: name as TurnOutcome | undefined,
      turns,
    })),
    failures: { turns: reasons.reduce((sum, { turns }) => sum + turns, 0), reasons },
  };
}
