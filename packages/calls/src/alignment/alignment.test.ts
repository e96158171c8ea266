import { toTurnRecord } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import { detectGaps } from '../tape/gap-detector.js';
import { mix, noise, voice } from '../testing/sound.js';
import { alignCall } from './alignment.js';
import { recordsWithTransport } from './records-with-transport.js';
import { summariseAlignments } from './summary.js';
import { pairTapes } from './tape-pair.js';

const RATE_HZ = 24_000;
const CALL_MS = 16_000;
/** The agent's tape starts this much after the caller's. */
const LATER_MS = 1500;

/** Speech with a unique waveform: a voice in its own noise. */
function speech(ms: number, seed: number): Int16Array {
  const sound = noise({ ms, levelDb: -34, rateHz: RATE_HZ, seed });
  mix(sound, voice({ ms, levelDb: -18, rateHz: RATE_HZ }), 0, RATE_HZ);
  return sound;
}

/** Both tapes of a call of three turns. Times are ms on the clock of the caller's tape. */
function call(options: { upMs: number[]; downMs: number[]; seed?: number }) {
  const silence = () => noise({ ms: CALL_MS, levelDb: -80, rateHz: RATE_HZ, seed: 99 });
  const [spoken, heard, received, sent] = [silence(), silence(), silence(), silence()];
  // Irregular distances, so that only one alignment matches.
  const lines = [1000, 5700, 11_000].map((startMs, i) => ({ startMs, endMs: startMs + 1500 + 100 * i }));
  const turns = lines.map(({ startMs, endMs }, i) => {
    const line = speech(endMs - startMs, 10 * (options.seed ?? 1) + i);
    const answer = speech(1400, 10 * (options.seed ?? 1) + i + 5);
    const answerMs = endMs + 900 + 40 * i;
    mix(spoken, line, startMs, RATE_HZ);
    mix(received, line, startMs + options.upMs[i]! - LATER_MS, RATE_HZ);
    mix(sent, answer, answerMs - LATER_MS, RATE_HZ);
    mix(heard, answer, answerMs + options.downMs[i]!, RATE_HZ);
    const marks = { speechEnded: endMs + options.upMs[i]! - LATER_MS, firstAudible: answerMs - LATER_MS };
    const at = new Date(1_800_000_000_000 + endMs + options.upMs[i]!).toISOString();
    return toTurnRecord({
      callId: 'c',
      turn: i + 1,
      at,
      marks,
      interrupted: false,
      bargeIn: false,
      toolCalls: 0,
    });
  });
  const wav = (left: Int16Array, right: Int16Array) => ({ sampleRateHz: RATE_HZ, channels: [left, right] });
  return { records: turns, callerTape: wav(spoken, heard), agentTape: wav(received, sent) };
}

/** Simulates an overfull jitter buffer: drops `lostMs` at each of these positions, counted back from the end, ms. */
function hurried(sound: Int16Array, lostMs: number, beforeEndMs: readonly number[]): Int16Array {
  const samples = (ms: number) => (ms * RATE_HZ) / 1000;
  const cuts = beforeEndMs.map((ms) => sound.length - samples(ms)).sort((a, b) => a - b);
  return sound.filter((_, at) => !cuts.some((cut) => at >= cut && at < cut + samples(lostMs)));
}

/** A call whose second line never reached the agent's tape. */
async function withLostTurn(lags: Parameters<typeof call>[0]) {
  const { records, callerTape, agentTape } = call(lags);
  const lost = noise({ ms: 3000, levelDb: -30, rateHz: RATE_HZ, seed: 3 });
  agentTape.channels[0]!.set(lost, 4.2 * RATE_HZ);
  const alignment = alignCall({
    records,
    measured: await detectGaps(callerTape),
    ends: pairTapes(callerTape, agentTape)!,
  });
  return { records, alignment };
}

describe('the alignment of a call', () => {
  it('measures the transport of every turn from its audio, independent of the tapes’ clocks', async () => {
    const upMs = [90, 140, 75];
    const downMs = [110, 60, 210];
    const { records, callerTape, agentTape } = call({ upMs, downMs });
    const ends = pairTapes(callerTape, agentTape)!;
    const { turns, unrecordedMs, notOnTape } = alignCall({
      records,
      measured: await detectGaps(callerTape),
      ends,
      agentBeganLaterMs: LATER_MS,
    });
    expect([turns.length, unrecordedMs, notOnTape]).toEqual([3, [], []]);
    for (const [i, turn] of turns.entries()) {
      expect(turn.transportMs).toBeCloseTo(upMs[i]! + downMs[i]!, 0);
      expect(turn.toAgentMs).toBeCloseTo(upMs[i]!, 0);
      expect(turn.toCallerMs).toBeCloseTo(downMs[i]!, 0);
      expect(Math.abs(turn.differenceMs!)).toBeLessThanOrEqual(12);
    }
  });

  it('finds a turn that was in transit half a second longer than the others', async () => {
    const { records, callerTape, agentTape } = call({ upMs: [90, 90, 90], downMs: [650, 90, 90] });
    const ends = pairTapes(callerTape, agentTape)!;
    const alignment = alignCall({ records, measured: await detectGaps(callerTape), ends });
    expect(alignment).toMatchObject({ unrecordedMs: [], notOnTape: [] });
    expect(alignment.turns[0]!.transportMs).toBeCloseTo(740, 0);
  });

  it('finds the end of a line that the jitter buffer split', async () => {
    const { records, callerTape, agentTape } = call({ upMs: [90, 90, 90], downMs: [90, 90, 90] });
    const [spoken] = callerTape.channels as [Int16Array];
    const [received] = agentTape.channels as [Int16Array];
    const at = (ms: number) => (ms * RATE_HZ) / 1000;
    // The second line, 5700 to 7300 ms, ends 90 ms later like the others; audio is missing before its end.
    const line = hurried(spoken.slice(at(5700), at(7300)), 120, [700, 550, 400]);
    const endMs = 7300 + 90 - LATER_MS;
    received.fill(0, at(endMs - 1600), at(endMs));
    received.set(line, at(endMs) - line.length);
    const ends = pairTapes(callerTape, agentTape)!;
    const { turns } = alignCall({ records, measured: await detectGaps(callerTape), ends });
    expect(turns[1]!.transportMs).toBeCloseTo(180, 0);
  });

  it('finds the beginning of an answer that was interrupted by an empty jitter buffer', async () => {
    const { records, callerTape, agentTape } = call({ upMs: [90, 90, 90], downMs: [90, 90, 90] });
    const [, heard] = callerTape.channels as [Int16Array, Int16Array];
    const at = (ms: number) => (ms * RATE_HZ) / 1000;
    // The second answer is audible from 8330 ms on. The buffer underruns 80 ms into it, for 150 ms.
    const [begunMs, lateMs] = [8330 + 80, 150];
    const rest = heard.slice(at(begunMs), at(begunMs + 1320));
    heard.fill(0, at(begunMs), at(begunMs + lateMs));
    heard.set(rest, at(begunMs + lateMs));
    const ends = pairTapes(callerTape, agentTape)!;
    const { turns } = alignCall({ records, measured: await detectGaps(callerTape), ends });
    expect(turns[1]!.transportMs).toBeCloseTo(180, 0);
    expect(Math.abs(turns[1]!.differenceMs!)).toBeLessThanOrEqual(12);
  });

  it('distinguishes an answer that started over the caller from one that is not on the tape', async () => {
    const { records, callerTape, agentTape } = call({ upMs: [90, 90, 90], downMs: [90, 90, 90] });
    const [spoken] = callerTape.channels as [Int16Array];
    // The caller had not finished and speaks into the answer.
    const { firstAudible } = records[1]!.marks;
    mix(spoken, speech(900, 77), firstAudible! + LATER_MS - 500, RATE_HZ);
    const alignment = alignCall({
      records,
      measured: await detectGaps(callerTape),
      ends: pairTapes(callerTape, agentTape)!,
    });
    expect(alignment).toMatchObject({ spokenOver: [2], notOnTape: [], unrecordedMs: [] });
    expect(alignment.turns.map(({ turn }) => turn)).toEqual([1, 3]);
    expect(summariseAlignments([alignment])).toMatchObject({ turns: 2, spokenOver: 1, notOnTape: 0 });
  });

  it('shows a wrong mark in the difference, and not in the transport', async () => {
    const { records, callerTape, agentTape } = call({ upMs: [90, 90, 90], downMs: [90, 90, 90] });
    const { marks, ...rest } = records[1]!;
    const wrong = toTurnRecord({ ...rest, marks: { ...marks, speechEnded: marks.speechEnded! + 100 } });
    const { turns } = alignCall({
      records: [records[0]!, wrong, records[2]!],
      measured: await detectGaps(callerTape),
      ends: pairTapes(callerTape, agentTape)!,
    });
    expect(turns[1]!.transportMs).toBeCloseTo(180, 0);
    expect(turns[1]!.differenceMs! - turns[0]!.differenceMs!).toBeCloseTo(-100, -1);
    expect(turns[1]).not.toHaveProperty('toAgentMs');
  });

  it('lists turns on the tape without a record, and records that are not on the tape', async () => {
    const { records, callerTape, agentTape } = call({ upMs: [90, 90, 90], downMs: [90, 90, 90] });
    const { marks, ...rest } = records[2]!;
    const elsewhere = { ...marks, firstAudible: marks.firstAudible! + 3000 };
    const alignment = alignCall({
      records: [records[0]!, toTurnRecord({ ...rest, marks: elsewhere })],
      measured: await detectGaps(callerTape),
      ends: pairTapes(callerTape, agentTape)!,
    });
    expect(alignment.turns.map(({ turn }) => turn)).toEqual([1]);
    expect(alignment.unrecordedMs).toHaveLength(2);
    expect(alignment.notOnTape).toEqual([3]);
    expect(summariseAlignments([alignment, alignment])).toMatchObject({
      turns: 2,
      unrecorded: 4,
      notOnTape: 2,
      notMeasured: 0,
      unaccounted: { count: 2 },
    });
  });

  it('adds the measured transport to the ledger, so that its sum is the caller’s gap', async () => {
    const { records, alignment } = await withLostTurn({ upMs: [90, 140, 75], downMs: [110, 60, 210] });
    const [first, second, third] = recordsWithTransport(records, alignment);
    expect(second).toBe(records[1]);
    for (const [record, at] of [
      [first!, 0],
      [third!, 2],
    ] as const) {
      const { transportMs, tapeMs } = alignment.turns[at]!;
      expect(record.segments.at(-1)).toMatchObject({ name: 'transport', owner: { kind: 'network' } });
      expect(record.segments.at(-1)!.durationMs).toBeCloseTo(transportMs!, 2);
      const sumMs = record.segments.reduce((sum, { durationMs }) => sum + durationMs, 0);
      expect(sumMs).toBeCloseTo(record.feltGapMs!, 3);
      expect(Math.abs(record.feltGapMs! - tapeMs)).toBeLessThanOrEqual(12);
    }
  });

  it('rejects tapes of two different calls', async () => {
    const one = call({ upMs: [90, 90, 90], downMs: [90, 90, 90] });
    const silent = new Int16Array(one.callerTape.channels[0]!.length);
    expect(pairTapes(one.callerTape, { sampleRateHz: RATE_HZ, channels: [silent, silent] })).toBeUndefined();
    expect(() => pairTapes(one.callerTape, { sampleRateHz: RATE_HZ, channels: [silent] })).toThrow(
      /must be stereo/,
    );
  });

  it('gives no transport for a turn whose audio did not arrive', async () => {
    const { alignment } = await withLostTurn({ upMs: [90, 90, 90], downMs: [90, 90, 90] });
    expect(alignment.turns[1]).not.toHaveProperty('transportMs');
    expect(summariseAlignments([alignment]).notMeasured).toBe(1);
  });
});

it('names turns that failed, and takes what was heard of them for no answer', async () => {
  const { records, callerTape, agentTape } = call({ upMs: [50, 50, 50], downMs: [40, 40, 40] });
  const withApology = records.map((record) =>
    record.turn === 2 ? toTurnRecord({ ...record, outcome: 'apology' as const }) : record,
  );
  const measured = await detectGaps(callerTape);
  const found = alignCall({ records: withApology, measured, ends: pairTapes(callerTape, agentTape)! });
  expect(found.turns.map(({ turn }) => turn)).toEqual([1, 3]);
  expect(found.unrecordedMs).toEqual([]);
  expect(found.failed).toEqual([
    { turn: 2, problem: expect.stringContaining('apology'), callerEndMs: measured.turns[1]!.callerEndMs },
  ]);
});
