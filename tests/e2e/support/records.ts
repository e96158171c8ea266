import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseTurnRecord, type TurnRecord } from '@firstword/turn';
import { expect } from 'vitest';

/** The one file of a folder with this ending. */
export async function onlyFile(dir: string, ending: string): Promise<string> {
  const names = (await readdir(dir)).filter((name) => name.endsWith(ending));
  expect(names).toHaveLength(1);
  return join(dir, names[0]!);
}

/** The records of a file; one that does not parse fails the test. The last line may be one that a crash cut off. */
export async function recordsIn(path: string): Promise<TurnRecord[]> {
  const text = await readFile(path, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map(parseTurnRecord);
}

/** The ledger's promise, to the microsecond in which it is kept. */
export function expectSumsToGap({ turn, feltGapMs, segments }: TurnRecord): void {
  const sumMs = segments.reduce((sum, segment) => sum + segment.durationMs, 0);
  expect(sumMs, `turn ${turn}`).toBeCloseTo(feltGapMs!, 3);
}
