import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CallRecord,
  isCallRecord,
  parseCallRecord,
  parseTurnRecord,
  type TurnRecord,
} from '@firstword/turn';
import { expect } from 'vitest';

/** Path of the only file in a folder with this extension. */
export async function onlyFile(dir: string, ending: string): Promise<string> {
  const names = (await readdir(dir)).filter((name) => name.endsWith(ending));
  expect(names).toHaveLength(1);
  return join(dir, names[0]!);
}

/** Parses the turn records of a file; that of the call is passed over. An invalid record fails the test; an incomplete last line, as after a crash, is ignored. */
export async function recordsIn(path: string): Promise<TurnRecord[]> {
  const text = await readFile(path, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '' && !isCallRecord(line))
    .map(parseTurnRecord);
}

/** The records of calls in a file, as `recordsIn` parses turns. */
export async function callsIn(path: string): Promise<CallRecord[]> {
  const text = await readFile(path, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(isCallRecord)
    .map(parseCallRecord);
}

/** Checks that the segments sum to the felt gap, to the microsecond. */
export function expectSumsToGap({ turn, feltGapMs, segments }: TurnRecord): void {
  const sumMs = segments.reduce((sum, segment) => sum + segment.durationMs, 0);
  expect(sumMs, `turn ${turn}`).toBeCloseTo(feltGapMs!, 3);
}
