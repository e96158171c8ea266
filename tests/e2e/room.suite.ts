import { readdir } from 'node:fs/promises';
import type { TurnRecord } from '@firstword/turn';
import { missingRequirement, openRoomTestbed, type RoomTestbed } from '@firstword/validation/testbed';
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

/** Least round-trip transport on one machine, ms: codec, two jitter buffers and a server. */
const LEAST_TRANSPORT_MS = 20;
/** Largest acceptable difference between both tapes, ms: the codec cuts soft edges of words, and a starved jitter buffer speeds up. */
const MOST_OFF_MS = 100;

const why = missingRequirement();
if (why) console.warn(`NOT RUN: ${why}.`);

/** Plays a call of four lines to the sample agent and aligns it with the agent's records. */
async function alignedCall(
  testbed: RoomTestbed,
): Promise<{ out: string; records: string; result: CallResult }> {
  const out = await tempDir();
  const records = `${out}/agent`;
  await startAgent(testbed, 'dev', '--tape', '--out', records);
  const args = ['--turns', '4', '--json', '--out', `${out}/tapes`, '--records', records];
  return {
    out,
    records,
    result: await resultOf(startCall(testbed, ...args, '--aligned-records', `${out}/aligned`)),
  };
}

/** Checks that every turn on the tape has a record, and that its transport was measured. */
function expectAligned({ calls, summary }: CallResult): void {
  const [made] = calls;
  const { turns, unrecordedMs } = made!.alignment!;
  expect(unrecordedMs).toEqual([]);
  expect(turns).toHaveLength(made!.gapsMs.length);
  for (const turn of turns) {
    expect(turn.transportMs).toBeGreaterThan(LEAST_TRANSPORT_MS);
    expect(Math.abs(turn.differenceMs!)).toBeLessThan(MOST_OFF_MS);
  }
  expect(summary.alignment).toMatchObject({ unrecorded: 0, notMeasured: 0 });
}

/** Checks the aligned records: the transport is a segment of its own, and the gap equals the tape's. */
function expectTransport(records: readonly TurnRecord[], { calls }: CallResult): void {
  for (const { turn, tapeMs, transportMs } of calls[0]!.alignment!.turns) {
    const record = records.find((one) => one.turn === turn)!;
    expectSumsToGap(record);
    const last = record.segments.at(-1)!;
    expect(last).toMatchObject({ name: 'transport', owner: { kind: 'network' } });
    expect(last.durationMs).toBeCloseTo(transportMs!, 2);
    expect(Math.abs(record.feltGapMs! - tapeMs)).toBeLessThan(MOST_OFF_MS);
  }
}

describe.skipIf(why)('a real LiveKit room', () => {
  let testbed: RoomTestbed;

  beforeAll(async () => {
    testbed = await openRoomTestbed();
  }, 900_000);

  afterAll(() => testbed?.close());

  it("aligns every turn of the caller's tape with its ledger and the transport", async () => {
    const { out, records, result } = await alignedCall(testbed);
    expect(result.summary).toMatchObject({ turns: 4, lost: 0, answeredTwice: 0, brokenOff: 0 });
    expect(result.code).toBe(0);
    for (const record of await recordsIn(await onlyFile(records, '.jsonl'))) {
      if (record.feltGapMs !== undefined) expectSumsToGap(record);
      expect(record).toMatchObject({ transport: 'room', llm: { emulated: true } });
      expect(record).not.toHaveProperty('transcript');
    }
    expectAligned(result);
    expectTransport(await recordsIn(await onlyFile(`${out}/aligned`, '.jsonl')), result);
  });

  it('recognizes a telephone caller, and writes no words by default', async () => {
    const out = await tempDir();
    await startAgent(testbed, 'dev', '--name', 'receptionist', '--out', `${out}/agent`);
    const args = ['--telephone', '--agent-name', 'receptionist', '--turns', '2', '--json'];
    const { code, summary } = await resultOf(startCall(testbed, ...args, '--out', `${out}/tapes`));
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

  it('measures any participant that answers', async () => {
    const out = await tempDir();
    const pauseMs = 1500;
    await startParrot(testbed, 'aviary', pauseMs);
    const args = ['--room', 'aviary', '--turns', '2', '--json', '--out', out];
    const { code, calls } = await resultOf(startCall(testbed, ...args));
    expect(code).toBe(0);
    expect(calls[0]!.agent).toMatchObject({ identity: 'parrot' });
    expect(calls[0]!.gapsMs).toHaveLength(2);
    for (const gapMs of calls[0]!.gapsMs) {
      expect(gapMs).toBeGreaterThan(pauseMs);
      expect(gapMs).toBeLessThan(pauseMs + 1000);
    }
  });

  it("compares Firstword with LiveKit's defaults line by line", async () => {
    const out = await tempDir();
    const args = ['--turns', '4', '--per-call', '4', '--concurrent', '1', '--out', out];
    const { report, text } = await benchRoom(...args);
    expect(report.arms.map(({ name }) => name)).toEqual(["LiveKit's defaults", 'Firstword']);
    for (const { lines, lost, alignment } of report.arms) {
      expect([lines, lost]).toEqual([4, 0]);
      expect(alignment).toMatchObject({ unrecorded: 0, notMeasured: 0 });
    }
    expect(report.ratio!.pairs).toBeGreaterThanOrEqual(3);
    expect(report.ratio!.p50.low).toBeLessThanOrEqual(report.ratio!.p50.ratio);
    expect(text).toContain("Firstword / LiveKit's defaults, the same lines");
  });

  it('loses at most the current turn when the process of a call is killed, and reports its measurements', async () => {
    const out = await tempDir();
    const agent = await startAgent(testbed, 'dev', '--out', `${out}/agent`);
    const calling = startCall(testbed, '--turns', '4', '--json', '--out', `${out}/tapes`);
    await calling.stderr.until('two answers', (line) => line.includes('turn  2'));
    killCallsOf(agent);
    const { code, calls } = await resultOf(calling);
    expect(code).toBe(1);
    expect(calls[0]!.gapsMs.length).toBeGreaterThanOrEqual(2);
    const records = await recordsIn(await onlyFile(`${out}/agent`, '.jsonl'));
    expect(records.map(({ turn }) => turn).slice(0, 2)).toEqual([1, 2]);
  });

  it('continues to answer when the disk is full, and reports it once', async () => {
    const [disk, out] = [await fullDisk(), await tempDir()];
    const agent = await startAgent(testbed, 'dev', '--out', disk);
    const { code, summary } = await resultOf(startCall(testbed, '--turns', '3', '--json', '--out', out));
    expect(summary).toMatchObject({ turns: 3, lost: 0, brokenOff: 0 });
    expect(code).toBe(0);
    expect(agent.stderr.all.filter((line) => line.includes('free some space'))).toHaveLength(1);
  });

  it('finishes a call on SIGTERM, then exits', async () => {
    const out = await tempDir();
    // 100: accept the call however busy this machine is.
    const agent = await startAgent(testbed, 'start', '--full-at', '100', '--out', `${out}/records`);
    const calling = startCall(testbed, '--turns', '3', '--json', '--out', `${out}/tapes`);
    await calling.stderr.until('first answer', (line) => line.includes('turn  1'));
    agent.signal('SIGTERM');
    const { code, summary } = await resultOf(calling);
    expect(summary).toMatchObject({ turns: 3, lost: 0, brokenOff: 0 });
    expect(code).toBe(0);
    expect((await agent.ended).code).toBe(143);
  });

  it('exits with a message if the server cannot be reached', async () => {
    const args = ['agent', 'dev', '--url', 'ws://127.0.0.1:1', '--out', await tempDir()];
    const { code, stderr } = await finished(firstword(args, { env: testbed.env, by: testbed.atServer }));
    expect(stderr).toContain('The server cannot be reached');
    expect(stderr).toContain('did not register the agent');
    expect(code).toBe(1);
  });

  it('tells the user what to check if no agent answers', async () => {
    const { code, stderr } = await finished(startCall(testbed, '--turns', '1', '--out', await tempDir()));
    expect(stderr).toContain('is an agent registered');
    expect(code).toBe(1);
  });

  it.each(['call', 'agent'])('reports a wrong secret without showing it: firstword %s', async (command) => {
    const secret = 'not-the-secret-of-this-server-at-all';
    const args = [...(command === 'agent' ? ['dev'] : []), '--out', await tempDir()];
    const env = { ...testbed.env, LIVEKIT_API_SECRET: secret };
    const cli = firstword([command, ...args], { env, by: testbed.atServer });
    const { code, stderr } = await finished(cli);
    expect(stderr).toContain('Check the address, the key and the secret');
    expect(stderr).not.toContain('not-the-secret');
    expect(code).toBe(1);
  });
});

describe.skipIf(why)('a caller on a slow and lossy network', () => {
  const link = { delayMs: 70, lossPercent: 1 };
  let testbed: RoomTestbed;

  beforeAll(async () => {
    testbed = await openRoomTestbed({ link });
  }, 900_000);

  afterAll(() => testbed?.close());

  it('has the delay in the transport of every turn and nowhere else', async () => {
    const { result } = await alignedCall(testbed);
    expect(result.summary).toMatchObject({ turns: 4, lost: 0, brokenOff: 0 });
    expectAligned(result);
    const [made] = result.calls;
    expect(made!.link!.rttMs).toBeGreaterThan(2 * link.delayMs);
    for (const { transportMs, toAgentMs, toCallerMs } of made!.alignment!.turns) {
      expect(transportMs).toBeGreaterThan(2 * link.delayMs + LEAST_TRANSPORT_MS);
      expect(Math.min(toAgentMs!, toCallerMs!)).toBeGreaterThan(link.delayMs);
    }
  });
});
