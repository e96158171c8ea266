import { readdir } from 'node:fs/promises';
import type { CallSummary, MeasuredCall } from '@firstword/bench';
import { lacking, openRoomHouse, type RoomHouse } from '@firstword/bench/house';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Cli, finished, firstword } from './support/cli.js';
import { expectSumsToGap, onlyFile, recordsIn } from './support/records.js';
import { tempDir } from './support/temp.js';

/** Codec, two jitter buffers and a server on one machine: more than nothing, there and back, ms. */
const LEAST_TRANSPORT_MS = 20;
/** Soft sounds at either edge of a word are cut by the codec: this much between the two ends is no accident, ms. */
const MOST_OFF_MS = 60;

const why = lacking();
if (why) console.warn(`NOT RUN: ${why}.`);

describe.skipIf(why)('a real LiveKit room', () => {
  let house: RoomHouse;

  beforeAll(async () => {
    house = await openRoomHouse();
  }, 900_000);

  afterAll(() => house?.close());

  function call(...args: string[]): Cli {
    const cli = firstword(['call', ...args], { env: house.env, by: house.atCaller });
    onTestFinished(() => cli.kill());
    return cli;
  }

  async function agent(...args: string[]): Promise<Cli> {
    const cli = firstword(['agent', ...args], { env: house.env, by: house.atServer });
    // Killed outright it would leave the processes of its calls behind; the second signal ends it at once.
    onTestFinished(async () => {
      cli.signal('SIGTERM');
      cli.signal('SIGTERM');
      await cli.ended;
    }, 60_000);
    await cli.stderr.until('registration', (line) => line.startsWith('Registered'));
    return cli;
  }

  it("accounts for every turn of the caller's tape: its ledger, and the transport between", async () => {
    const out = await tempDir();
    const records = `${out}/agent`;
    await agent('dev', '--tape', '--out', records);
    const args = ['--turns', '4', '--json', '--out', `${out}/tapes`, '--records', records];
    const { code, stdout } = await finished(call(...args));
    const [made, summary] = stdout.split('\n').map((line) => JSON.parse(line)) as [MeasuredCall, CallSummary];
    expect(summary).toMatchObject({ turns: 4, lost: 0, answeredTwice: 0, brokenOff: 0 });
    expect(code).toBe(0);
    for (const record of await recordsIn(await onlyFile(records, '.jsonl'))) {
      if (record.feltGapMs !== undefined) expectSumsToGap(record);
      expect(record).toMatchObject({ transport: 'room', llm: { emulated: true } });
      expect(record).not.toHaveProperty('transcript');
    }
    const { turns, unrecordedMs } = made.account!;
    expect(unrecordedMs).toEqual([]);
    expect(turns).toHaveLength(made.gapsMs.length);
    for (const turn of turns) {
      expect(turn.transportMs).toBeGreaterThan(LEAST_TRANSPORT_MS);
      expect(Math.abs(turn.differenceMs!)).toBeLessThan(MOST_OFF_MS);
    }
    expect(summary.account).toMatchObject({ unrecorded: 0, notMeasured: 0 });
  });

  it('knows a caller on the telephone, and writes nothing of what was said unless asked', async () => {
    const out = await tempDir();
    await agent('dev', '--name', 'receptionist', '--out', `${out}/agent`);
    const args = ['--telephone', '--agent-name', 'receptionist', '--turns', '2', '--json'];
    const { code, stdout } = await finished(call(...args, '--out', `${out}/tapes`));
    expect(JSON.parse(stdout.split('\n').at(-1)!)).toMatchObject({ turns: 2, lost: 0 });
    expect(code).toBe(0);
    const records = await recordsIn(await onlyFile(`${out}/agent`, '.jsonl'));
    expect(records.length).toBeGreaterThanOrEqual(2);
    for (const record of records) {
      expect(record.transport).toBe('telephone');
      expect(record).not.toHaveProperty('transcript');
    }
    expect(await readdir(`${out}/agent`)).toHaveLength(1);
  });

  it('lets a call come to its end on SIGTERM, and then ends', async () => {
    const out = await tempDir();
    const cli = await agent('start', '--out', `${out}/records`);
    const calling = call('--turns', '3', '--json', '--out', `${out}/tapes`);
    await calling.stderr.until('first answer', (line) => line.includes('turn  1'));
    cli.signal('SIGTERM');
    const { code, stdout } = await finished(calling);
    expect(JSON.parse(stdout.split('\n').at(-1)!)).toMatchObject({ turns: 3, lost: 0, brokenOff: 0 });
    expect(code).toBe(0);
    expect((await cli.ended).code).toBe(0);
  });

  it('tells a caller whom nobody answers what to look at', async () => {
    const out = await tempDir();
    const { code, stderr } = await finished(call('--turns', '1', '--out', out));
    expect(stderr).toContain('is an agent registered');
    expect(code).toBe(1);
  });

  it('refuses a wrong secret without showing it', async () => {
    const out = await tempDir();
    const cli = call('--api-secret', 'not-the-secret-of-this-server-at-all', '--out', out);
    const { code, stderr } = await finished(cli);
    expect(stderr).toContain('Check the address, the key and the secret');
    expect(stderr).not.toContain('not-the-secret');
    expect(code).toBe(1);
  });
});
