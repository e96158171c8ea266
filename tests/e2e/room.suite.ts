import { readdir } from 'node:fs/promises';
import type { TurnRecord } from '@firstword/turn';
import { lacking, openRoomHouse, type RoomHouse } from '@firstword/validation/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finished, firstword } from './support/cli.js';
import { expectSumsToGap, onlyFile, recordsIn } from './support/records.js';
import {
  benchRoom,
  type CallResult,
  fullDisk,
  killCallsOf,
  resultOf,
  startAgent,
  startCall,
  startParrot,
} from './support/room.js';
import { tempDir } from './support/temp.js';

/** Codec, two jitter buffers and a server on one machine: more than nothing, there and back, ms. */
const LEAST_TRANSPORT_MS = 20;
/** Soft edges of words are cut by the codec, and a starved jitter buffer plays them faster: more between the two ends is no accident, ms. */
const MOST_OFF_MS = 100;

const why = lacking();
if (why) console.warn(`NOT RUN: ${why}.`);

/** A call of four lines to the sample agent, held against its records; they are written as the caller had them, too. */
async function accountedCall(
  house: RoomHouse,
): Promise<{ out: string; records: string; result: CallResult }> {
  const out = await tempDir();
  const records = `${out}/agent`;
  await startAgent(house, 'dev', '--tape', '--out', records);
  const args = ['--turns', '4', '--json', '--out', `${out}/tapes`, '--records', records];
  return {
    out,
    records,
    result: await resultOf(startCall(house, ...args, '--aligned-records', `${out}/aligned`)),
  };
}

/** Every turn of the tape is in a record, and the transport of each was measured. */
function expectAccounted({ calls, summary }: CallResult): void {
  const [made] = calls;
  const { turns, unrecordedMs } = made!.account!;
  expect(unrecordedMs).toEqual([]);
  expect(turns).toHaveLength(made!.gapsMs.length);
  for (const turn of turns) {
    expect(turn.transportMs).toBeGreaterThan(LEAST_TRANSPORT_MS);
    expect(Math.abs(turn.differenceMs!)).toBeLessThan(MOST_OFF_MS);
  }
  expect(summary.account).toMatchObject({ unrecorded: 0, notMeasured: 0 });
}

/** The records as the caller had them: the transport is a segment of its own, and the gap is the tape's. */
function expectHeard(records: readonly TurnRecord[], { calls }: CallResult): void {
  for (const { turn, tapeMs, transportMs } of calls[0]!.account!.turns) {
    const record = records.find((one) => one.turn === turn)!;
    expectSumsToGap(record);
    const last = record.segments.at(-1)!;
    expect(last).toMatchObject({ name: 'transport', owner: { kind: 'network' } });
    expect(last.durationMs).toBeCloseTo(transportMs!, 2);
    expect(Math.abs(record.feltGapMs! - tapeMs)).toBeLessThan(MOST_OFF_MS);
  }
}

describe.skipIf(why)('a real LiveKit room', () => {
  let house: RoomHouse;

  beforeAll(async () => {
    house = await openRoomHouse();
  }, 900_000);

  afterAll(() => house?.close());

  it("accounts for every turn of the caller's tape: its ledger, and the transport between", async () => {
    const { out, records, result } = await accountedCall(house);
    expect(result.summary).toMatchObject({ turns: 4, lost: 0, answeredTwice: 0, brokenOff: 0 });
    expect(result.code).toBe(0);
    for (const record of await recordsIn(await onlyFile(records, '.jsonl'))) {
      if (record.feltGapMs !== undefined) expectSumsToGap(record);
      expect(record).toMatchObject({ transport: 'room', llm: { emulated: true } });
      expect(record).not.toHaveProperty('transcript');
    }
    expectAccounted(result);
    expectHeard(await recordsIn(await onlyFile(`${out}/aligned`, '.jsonl')), result);
  });

  it('knows a caller on the telephone, and writes nothing of what was said unless asked', async () => {
    const out = await tempDir();
    await startAgent(house, 'dev', '--name', 'receptionist', '--out', `${out}/agent`);
    const args = ['--telephone', '--agent-name', 'receptionist', '--turns', '2', '--json'];
    const { code, summary } = await resultOf(startCall(house, ...args, '--out', `${out}/tapes`));
    expect(summary).toMatchObject({ turns: 2, lost: 0 });
    expect(code).toBe(0);
    const records = await recordsIn(await onlyFile(`${out}/agent`, '.jsonl'));
    expect(records.length).toBeGreaterThanOrEqual(2);
    for (const record of records) {
      expect(record.transport).toBe('telephone');
      expect(record).not.toHaveProperty('transcript');
    }
    expect(await readdir(`${out}/agent`)).toHaveLength(1);
  });

  it('measures whoever answers, and be it no agent at all', async () => {
    const out = await tempDir();
    const pauseMs = 1500;
    await startParrot(house, 'aviary', pauseMs);
    const args = ['--room', 'aviary', '--turns', '2', '--json', '--out', out];
    const { code, calls } = await resultOf(startCall(house, ...args));
    expect(code).toBe(0);
    expect(calls[0]!.agent).toMatchObject({ identity: 'parrot' });
    expect(calls[0]!.gapsMs).toHaveLength(2);
    for (const gapMs of calls[0]!.gapsMs) {
      expect(gapMs).toBeGreaterThan(pauseMs);
      expect(gapMs).toBeLessThan(pauseMs + 1000);
    }
  });

  it("plays Firstword and LiveKit's defaults against each other in the same rooms, line by line", async () => {
    const out = await tempDir();
    const args = ['--turns', '4', '--per-call', '4', '--concurrent', '1', '--out', out];
    const { report, text } = await benchRoom(...args);
    expect(report.arms.map(({ name }) => name)).toEqual(["LiveKit's defaults", 'Firstword']);
    for (const { lines, lost, account } of report.arms) {
      expect([lines, lost]).toEqual([4, 0]);
      expect(account).toMatchObject({ unrecorded: 0, notMeasured: 0 });
    }
    expect(report.ratio!.pairs).toBeGreaterThanOrEqual(3);
    expect(report.ratio!.p50.low).toBeLessThanOrEqual(report.ratio!.p50.ratio);
    expect(text).toContain("Firstword / LiveKit's defaults, the same lines");
  });

  it('loses the turn in hand at most where the process of a call is killed, and tells what it measured', async () => {
    const out = await tempDir();
    const agent = await startAgent(house, 'dev', '--out', `${out}/agent`);
    const calling = startCall(house, '--turns', '4', '--json', '--out', `${out}/tapes`);
    await calling.stderr.until('two answers', (line) => line.includes('turn  2'));
    killCallsOf(agent);
    const { code, calls } = await resultOf(calling);
    expect(code).toBe(1);
    expect(calls[0]!.gapsMs.length).toBeGreaterThanOrEqual(2);
    const records = await recordsIn(await onlyFile(`${out}/agent`, '.jsonl'));
    expect(records.map(({ turn }) => turn).slice(0, 2)).toEqual([1, 2]);
  });

  it('answers on where the disk is full, and says so once', async () => {
    const [disk, out] = [await fullDisk(), await tempDir()];
    const agent = await startAgent(house, 'dev', '--out', disk);
    const { code, summary } = await resultOf(startCall(house, '--turns', '3', '--json', '--out', out));
    expect(summary).toMatchObject({ turns: 3, lost: 0, brokenOff: 0 });
    expect(code).toBe(0);
    expect(agent.stderr.all.filter((line) => line.includes('free some space'))).toHaveLength(1);
  });

  it('lets a call come to its end on SIGTERM, and then ends', async () => {
    const out = await tempDir();
    // However busy this machine is: it is not to turn the call away.
    const agent = await startAgent(house, 'start', '--full-at', '100', '--out', `${out}/records`);
    const calling = startCall(house, '--turns', '3', '--json', '--out', `${out}/tapes`);
    await calling.stderr.until('first answer', (line) => line.includes('turn  1'));
    agent.signal('SIGTERM');
    const { code, summary } = await resultOf(calling);
    expect(summary).toMatchObject({ turns: 3, lost: 0, brokenOff: 0 });
    expect(code).toBe(0);
    expect((await agent.ended).code).toBe(0);
  });

  it('gives up on a server that is not there, says so, and ends', async () => {
    const args = ['agent', 'dev', '--url', 'ws://127.0.0.1:1', '--out', await tempDir()];
    const { code, stderr } = await finished(firstword(args, { env: house.env, by: house.atServer }));
    expect(stderr).toContain('The server cannot be reached');
    expect(stderr).toContain('did not take the agent on');
    expect(code).toBe(1);
  });

  it('tells a caller whom nobody answers what to look at', async () => {
    const { code, stderr } = await finished(startCall(house, '--turns', '1', '--out', await tempDir()));
    expect(stderr).toContain('is an agent registered');
    expect(code).toBe(1);
  });

  it.each(['call', 'agent'])('refuses a wrong secret without showing it: firstword %s', async (command) => {
    const secret = 'not-the-secret-of-this-server-at-all';
    const args = [...(command === 'agent' ? ['dev'] : []), '--api-secret', secret, '--out', await tempDir()];
    const cli = firstword([command, ...args], { env: house.env, by: house.atServer });
    const { code, stderr } = await finished(cli);
    expect(stderr).toContain('Check the address, the key and the secret');
    expect(stderr).not.toContain('not-the-secret');
    expect(code).toBe(1);
  });
});

describe.skipIf(why)('a caller at the end of a long and bad line', () => {
  const line = { delayMs: 70, lossPercent: 1 };
  let house: RoomHouse;

  beforeAll(async () => {
    house = await openRoomHouse({ line });
  }, 900_000);

  afterAll(() => house?.close());

  it('has the line in the transport of every turn, and in no other part of it', async () => {
    const { result } = await accountedCall(house);
    expect(result.summary).toMatchObject({ turns: 4, lost: 0, brokenOff: 0 });
    expectAccounted(result);
    const [made] = result.calls;
    expect(made!.link!.rttMs).toBeGreaterThan(2 * line.delayMs);
    for (const { transportMs, toAgentMs, toCallerMs } of made!.account!.turns) {
      expect(transportMs).toBeGreaterThan(2 * line.delayMs + LEAST_TRANSPORT_MS);
      expect(Math.min(toAgentMs!, toCallerMs!)).toBeGreaterThan(line.delayMs);
    }
  });
});
