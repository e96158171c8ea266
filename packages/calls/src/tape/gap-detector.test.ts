import { describe, expect, it } from 'vitest';
import { mix, noise, voice } from '../testing/sound.js';
import { detectGaps, detectGapsInFile, type TapeMeasurement } from './gap-detector.js';

const rateHz = 24_000;
const TOLERANCE_MS = 10;

interface Sound {
  at: number;
  ms: number;
  levelDb?: number;
}

/** A tape with voices at known times, and optional noise. */
function tape(parts: {
  ms: number;
  caller?: Sound[];
  agent?: Sound[];
  under?: (caller: Int16Array, agent: Int16Array) => void;
}): Promise<TapeMeasurement> {
  const length = (parts.ms * rateHz) / 1000;
  const [caller, agent] = [new Int16Array(length), new Int16Array(length)];
  for (const { at, ms, levelDb = -20 } of parts.caller ?? [])
    mix(caller, voice({ ms, levelDb, rateHz }), at, rateHz);
  for (const { at, ms, levelDb = -20 } of parts.agent ?? [])
    mix(agent, voice({ ms, levelDb, rateHz }), at, rateHz);
  parts.under?.(caller, agent);
  return detectGaps({ sampleRateHz: rateHz, channels: [caller, agent] });
}

function expectGaps(found: TapeMeasurement, gapsMs: number[]): void {
  expect(found.turns).toHaveLength(gapsMs.length);
  for (const [i, gapMs] of gapsMs.entries()) {
    expect(Math.abs(found.turns[i]!.gapMs - gapMs)).toBeLessThanOrEqual(TOLERANCE_MS);
  }
}

const TURN = { ms: 6000, caller: [{ at: 500, ms: 1500 }], agent: [{ at: 2843, ms: 2000 }] };

describe('the gap of a turn', () => {
  it('is detected on a clean tape', async () => {
    expectGaps(await tape(TURN), [843]);
  });

  it('is detected for every turn, and none for the greeting', async () => {
    const found = await tape({
      ms: 14_000,
      agent: [
        { at: 300, ms: 1200 },
        { at: 4512, ms: 1500 },
        { at: 9001, ms: 2500 },
      ],
      caller: [
        { at: 2000, ms: 2000 },
        { at: 6500, ms: 1800 },
      ],
    });
    expectGaps(found, [512, 701]);
  });

  for (const levelDb of [-70, -60, -50, -42]) {
    it(`is detected in line noise of ${levelDb} dB`, async () => {
      const under = (caller: Int16Array, agent: Int16Array) => {
        mix(caller, noise({ ms: 6000, levelDb, rateHz, seed: 2 }), 0, rateHz);
        mix(agent, noise({ ms: 6000, levelDb, rateHz, seed: 3 }), 0, rateHz);
      };
      expectGaps(await tape({ ...TURN, under }), [843]);
    });
  }

  it('does not end with comfort noise that starts before the answer', async () => {
    const under = (_: Int16Array, agent: Int16Array) =>
      mix(agent, noise({ ms: 2500, levelDb: -55, rateHz }), 2443, rateHz);
    expectGaps(await tape({ ...TURN, under }), [843]);
  });

  it('includes the leading silence of the answer’s audio', async () => {
    // The faint hiss of synthesized audio before its first word.
    const under = (_: Int16Array, agent: Int16Array) =>
      mix(agent, noise({ ms: 250, levelDb: -72, rateHz }), 2593, rateHz);
    expectGaps(await tape({ ...TURN, under }), [843]);
  });

  it('is detected for quiet voices', async () => {
    const caller = [{ at: 500, ms: 1500, levelDb: -42 }];
    const agent = [{ at: 2843, ms: 2000, levelDb: -45 }];
    const under = (a: Int16Array) => mix(a, noise({ ms: 6000, levelDb: -66, rateHz }), 0, rateHz);
    expectGaps(await tape({ ms: 6000, caller, agent, under }), [843]);
  });

  it('is counted from the end of the sentence, not from a pause within it', async () => {
    const caller = [
      { at: 500, ms: 700 },
      { at: 2100, ms: 900 },
    ];
    const found = await tape({ ms: 7000, caller, agent: [{ at: 3700, ms: 2000 }] });
    expectGaps(found, [700]);
    expect(Math.abs(found.turns[0]!.callerStartMs - 500)).toBeLessThanOrEqual(TOLERANCE_MS);
  });

  it('is a single one for an answer of several sentences with long pauses', async () => {
    const agent = [2500, 4000, 6200].map((at) => ({ at, ms: 1000 }));
    expectGaps(await tape({ ms: 9000, caller: [{ at: 500, ms: 1500 }], agent }), [500]);
  });

  it('is not ended by a click', async () => {
    const under = (_: Int16Array, agent: Int16Array) =>
      mix(agent, voice({ ms: 8, levelDb: -10, rateHz }), 2300, rateHz);
    expectGaps(await tape({ ...TURN, under }), [843]);
  });

  it('is detected on a tape with a DC offset', async () => {
    const under = (caller: Int16Array, agent: Int16Array) => {
      for (const track of [caller, agent]) for (const i of track.keys()) track[i]! += 400;
    };
    expectGaps(await tape({ ...TURN, under }), [843]);
  });
});

describe('an overlap', () => {
  it('is a barge-in when the caller started over the agent, and the next gap is still measured', async () => {
    const found = await tape({
      ms: 10_000,
      caller: [
        { at: 300, ms: 1000 },
        { at: 3000, ms: 1500 },
      ],
      agent: [
        { at: 1900, ms: 1400 },
        { at: 5100, ms: 1000 },
      ],
    });
    expect(found.overlaps).toHaveLength(1);
    expect(found.overlaps[0]!.by).toBe('caller');
    expect(Math.abs(found.overlaps[0]!.endMs - found.overlaps[0]!.startMs - 300)).toBeLessThanOrEqual(10);
    expectGaps(found, [600, 600]);
  });

  it('is attributed to the agent when it spoke over the caller, and gives no gap', async () => {
    const found = await tape({ ms: 6000, caller: [{ at: 500, ms: 2500 }], agent: [{ at: 2000, ms: 2000 }] });
    expect(found.turns).toEqual([]);
    expect(found.overlaps.map((overlap) => overlap.by)).toEqual(['agent']);
  });

  it('leaves the gap to the next answer, where the caller continued through a premature one', async () => {
    const found = await tape({
      ms: 8000,
      caller: [
        { at: 500, ms: 400 },
        { at: 1300, ms: 1700 },
      ],
      agent: [
        { at: 1800, ms: 500 },
        { at: 3900, ms: 1500 },
      ],
    });
    expectGaps(found, [900]);
  });

  it('gives no gap where an answer that started over the end of the line continues after a pause', async () => {
    const found = await tape({
      ms: 8000,
      caller: [{ at: 500, ms: 1500 }],
      agent: [
        { at: 1900, ms: 1500 },
        { at: 4400, ms: 1500 },
      ],
    });
    expect(found.turns).toEqual([]);
  });
});

it('lists caller speech that was never answered', async () => {
  const caller = [
    { at: 500, ms: 1000 },
    { at: 6000, ms: 1000 },
  ];
  const found = await tape({ ms: 10_000, caller, agent: [{ at: 7600, ms: 1000 }] });
  expect(found.unanswered).toHaveLength(1);
  expect(Math.abs(found.unanswered[0]!.startMs - 500)).toBeLessThanOrEqual(TOLERANCE_MS);
});

it('detects nothing in silence or in noise alone', async () => {
  const empty = { turns: [], overlaps: [], unanswered: [], agent: [] };
  expect(await tape({ ms: 3000 })).toMatchObject({ ...empty, caller: [] });
  const under = (_: Int16Array, agent: Int16Array) =>
    mix(agent, noise({ ms: 3000, levelDb: -60, rateHz }), 0, rateHz);
  expect(await tape({ ms: 3000, under })).toMatchObject(empty);
});

it('rejects a mono recording, and a missing tape', async () => {
  const mono = { sampleRateHz: rateHz, channels: [new Int16Array(10)] };
  await expect(detectGaps(mono)).rejects.toMatchObject({ code: 'bad_input' });
  await expect(detectGapsInFile('/nowhere/tape.wav')).rejects.toMatchObject({ code: 'bad_input' });
});
