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

it.each(samples)('doctor and what-if read the same turns from %s', async (_, text) => {
  const path = put(text);
  const evidence = await examine([path]);
  const { found } = await readWhatIfInput([path]);
  const turns = SAMPLE_TURNS.length;
  expect([evidence.turns.length, evidence.answered.length, found]).toEqual([turns, turns, turns]);
});

/** A report opens a database, which is slow: one sample of each kind. */
const kinds = ['Node, pino-pretty', 'docker compose', 'CloudWatch CSV', 'Jaeger', 'escaped JSON', 'Vapi'];
it.each(samples.filter(([name]) => kinds.includes(name)))('report reads them from %s', async (_, text) => {
  const { report, close } = await analyse([put(text)]);
  await close();
  expect(report.turns).toBe(SAMPLE_TURNS.length);
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
