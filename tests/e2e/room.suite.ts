import { lacking, openRoomHouse, type RoomHouse } from '@firstword/bench/house';
import type { TurnRecord } from '@firstword/turn';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Cli, finished, firstword } from './support/cli.js';
import { expectSumsToGap, onlyFile, recordsIn } from './support/records.js';
import { tempDir } from './support/temp.js';

/** Codec, two jitter buffers and a server on one machine: more than nothing, ms, … */
const LEAST_TRANSPORT_MS = 20;
/** … and on a machine that keeps up less than this at the median, ms. */
const MOST_TRANSPORT_MS = 500;

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

  it('is answered by the sample agent, and the tape has every turn that the records have, and the transport beside', async () => {
    const out = await tempDir();
    await agent('dev', '--out', `${out}/records`);
    const { code, stdout } = await finished(call('--turns', '4', '--json', '--out', `${out}/tapes`));
    const [made, summary] = stdout.split('\n').map((line) => JSON.parse(line));
    expect(summary).toMatchObject({ type: 'summary', turns: 4, lost: 0, answeredTwice: 0, brokenOff: 0 });
    expect(code).toBe(0);
    const all: TurnRecord[] = await recordsIn(await onlyFile(`${out}/records`, '.jsonl'));
    // A turn whose caller went on before its answer was heard has no gap.
    const records = all.filter(({ feltGapMs }) => feltGapMs !== undefined);
    for (const record of records) {
      expectSumsToGap(record);
      expect(record).toMatchObject({ transport: 'room', llm: { emulated: true } });
    }
    expect(made.gapsMs).toHaveLength(records.length);
    const transportMs: number[] = made.gapsMs.map(
      (gapMs: number, i: number) => gapMs - records[i]!.feltGapMs!,
    );
    for (const ms of transportMs) expect(ms).toBeGreaterThan(LEAST_TRANSPORT_MS);
    expect(transportMs.sort((a, b) => a - b)[Math.floor(transportMs.length / 2)]).toBeLessThan(
      MOST_TRANSPORT_MS,
    );
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
