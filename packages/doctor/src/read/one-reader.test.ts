import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyse } from '@firstword/records';
import {
  COLLECTORS,
  CONSOLE_LOGS,
  HISTORIES,
  LOG_SERVICES,
  PLATFORM_CALLS,
  REFUSED,
  SAMPLE_TURNS,
  TRACES,
  turnRecord,
} from '@firstword/records/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readWhatIfInput } from '../what-if/read.js';
import { examine } from './examine.js';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-one-reader-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function put(text: string): string {
  const path = join(dir, 'sample.log');
  writeFileSync(path, text);
  return path;
}

const pretty = CONSOLE_LOGS['Node, pino-pretty']!;
const samples = [
  ...Object.entries(CONSOLE_LOGS).map(([name, log]) => [name, log.flatMap(({ lines }) => lines).join('\n')]),
  ...Object.entries({ ...COLLECTORS, ...LOG_SERVICES }).map(([name, wrap]) => [name, wrap(pretty)]),
  ...Object.entries({ ...TRACES, ...HISTORIES, ...PLATFORM_CALLS }),
] as [string, string][];

it.each(samples)('doctor, report and what-if read the same turns from %s', async (_, text) => {
  const path = put(text);
  const evidence = await examine([path]);
  const { found } = await readWhatIfInput([path]);
  const { report } = await analyse([path]);
  const turns = SAMPLE_TURNS.length;
  expect([evidence.turns.length, evidence.answered.length, found, report.turns]).toEqual(
    Array(4).fill(turns),
  );
});

/** Lines between records, of which some are turns of other formats. */
const RECORD = JSON.stringify(turnRecord());
const BETWEEN: Record<string, string> = {
  ...HISTORIES,
  'plain text': 'nonsense',
  'a record cut short': RECORD.slice(0, 300),
  'two records in one line': RECORD + RECORD,
  'a record of a later version': RECORD.replace('turn/1', 'turn/9'),
  'an invalid record': RECORD.replace('"turn":1', '"turn":0'),
  'a log line': '[10:00:00.000] INFO (1): hello',
};
it.each(Object.entries(BETWEEN))('all read the same of records with %s between them', async (_, text) => {
  const path = put(`${RECORD}\n${text}\n${RECORD.replace('"turn":1', '"turn":2')}\n`);
  const evidence = await examine([path]);
  const { found, read } = await readWhatIfInput([path]);
  const { report } = await analyse([path]);
  expect([found, report.turns]).toEqual([evidence.turns.length, evidence.turns.length]);
  for (const { badLines, someBadLines, duplicates } of [read, report.read])
    expect({ badLines, someBadLines, duplicates }).toEqual({
      badLines: evidence.input.badLines,
      someBadLines: evidence.input.someBadLines,
      duplicates: evidence.input.duplicates,
    });
});

it.each(Object.entries(REFUSED))(
  'doctor, report and what-if refuse with the same words: %s',
  async (_, text) => {
    const path = put(text);
    const { input } = await examine([path]);
    const { reason, instead } = input.refused[0]!;
    const message = `${reason}: ${instead}`;
    await expect(analyse([path])).rejects.toThrow(message);
    await expect(readWhatIfInput([path])).rejects.toThrow(message);
  },
);
