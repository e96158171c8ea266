import { VAD_WINDOW_MS } from '@firstword/livekit/audio';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faded, mix, noise, voice } from '../testing/sound.js';
import { detectGaps } from './gap-detector.js';

const rateHz = 16_000;
const CALLER = { startMs: 2600, ms: 1400 };
const CALLER_END_MS = CALLER.startMs + CALLER.ms;
const TOLERANCE_MS = 10;

/** A fade of a word's end or beginning: by this many dB over this many ms. */
const soft = (mostDb: number) =>
  fc.record({ ms: fc.integer({ min: 10, max: 250 }), dropDb: fc.integer({ min: 0, max: mostDb }) });
const level = fc.integer({ min: -32, max: -12 });
/** Noise level below the quietest sound of the voice, whose troughs are 10 dB down, like the end of a fading word. */
const below = fc.integer({ min: 28, max: 50 });

const scene = fc.record({
  gapMs: fc.integer({ min: 130, max: 2500 }),
  caller: fc.record({ levelDb: level, ending: soft(20), noiseBelowDb: fc.option(below) }),
  // The detector takes a steady level at −20 dB for noise, and a rising fade over a falling voice can be steady.
  agent: fc.record({ levelDb: level, beginning: soft(19) }),
  /** Noise on the agent's channel: none, continuous line noise, or comfort noise that starts before the voice. */
  under: fc.oneof(
    fc.constant({ kind: 'silence' as const }),
    fc.record({ kind: fc.constant('line' as const), belowDb: below }),
    fc.record({
      kind: fc.constant('comfort noise' as const),
      belowDb: below,
      leadMs: fc.integer({ min: 200, max: 600 }),
    }),
  ),
  /** The caller speaks over the greeting before the line. */
  doubleTalk: fc.boolean(),
  seed: fc.nat(1000),
});
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

function tapeOf({ gapMs, caller, agent, under, doubleTalk, seed }: Scene) {
  const lengthMs = CALLER_END_MS + gapMs + 2500;
  const [left, right] = [0, 1].map(() => new Int16Array((lengthMs * rateHz) / 1000)) as [
    Int16Array,
    Int16Array,
  ];
  const said = (ms: number, levelDb: number) => voice({ ms, levelDb, rateHz });
  const answerMs = CALLER_END_MS + gapMs;
  mix(left, faded(said(CALLER.ms, caller.levelDb), { ...caller.ending, rateHz }), CALLER.startMs, rateHz);
  const rising = { ...agent.beginning, rateHz, atStart: true };
  mix(right, faded(said(1500, agent.levelDb), rising), answerMs, rateHz);
  mix(right, said(1200, agent.levelDb), 200, rateHz);
  if (doubleTalk) mix(left, said(300, caller.levelDb), 700, rateHz);
  if (caller.noiseBelowDb !== null) {
    const levelDb = caller.levelDb - caller.ending.dropDb - caller.noiseBelowDb;
    mix(left, noise({ ms: lengthMs, levelDb, rateHz, seed }), 0, rateHz);
  }
  if (under.kind !== 'silence') {
    const levelDb = agent.levelDb - agent.beginning.dropDb - under.belowDb;
    const fromMs = under.kind === 'line' ? 0 : Math.max(1600, answerMs - under.leadMs);
    mix(right, noise({ ms: lengthMs - fromMs, levelDb, rateHz, seed: seed + 1 }), fromMs, rateHz);
  }
  return detectGaps({ sampleRateHz: rateHz, channels: [left, right] });
}

/** In digital silence the VAD does not hear this soft beginning, which once passed for the background of the voice. */
const SOFT_BEGINNING: Scene = {
  gapMs: 141,
  caller: { levelDb: -18, ending: { ms: 17, dropDb: 0 }, noiseBelowDb: 30 },
  agent: { levelDb: -14, beginning: { ms: 214, dropDb: 17 } },
  under: { kind: 'silence' },
  doubleTalk: false,
  seed: 997,
};

describe('a known gap', () => {
  it('is detected to 10 ms in any noise below speech, however softly the words end or begin', async () => {
    await fc.assert(
      fc.asyncProperty(scene, async (drawn) => {
        const turn = (await tapeOf(drawn)).turns.at(-1);
        expect(Math.abs((turn?.gapMs ?? Infinity) - drawn.gapMs)).toBeLessThanOrEqual(TOLERANCE_MS);
      }),
      { numRuns: 15, examples: [[SOFT_BEGINNING]] },
    );
  });

  it('is overestimated by at most the time that the end of a word is below the noise, and hardly underestimated', async () => {
    const drowned = fc.record({
      fadeMs: fc.integer({ min: 20, max: 300 }),
      dropDb: fc.integer({ min: 20, max: 50 }),
      noiseDb: fc.integer({ min: -55, max: -42 }),
    });
    await fc.assert(
      fc.asyncProperty(drowned, async ({ fadeMs, dropDb, noiseDb }) => {
        const gapMs = 800;
        const { turns } = await tapeOf({
          gapMs,
          caller: {
            levelDb: -20,
            ending: { ms: fadeMs, dropDb },
            noiseBelowDb: -20 - dropDb - noiseDb,
          },
          agent: { levelDb: -20, beginning: { ms: 10, dropDb: 0 } },
          under: { kind: 'silence' },
          doubleTalk: false,
          seed: dropDb,
        });
        const found = turns.at(-1)!;
        // The voice's troughs are about 12 dB below its level, and the threshold is 9 dB above the noise.
        const clearDb = Math.max(0, -20 - 12 - 9 - 3 - noiseDb);
        const drownedMs = fadeMs * Math.max(0, 1 - clearDb / dropDb);
        // The VAD, which decides where the level does not, is a window late at times.
        expect(found.gapMs).toBeGreaterThanOrEqual(gapMs - TOLERANCE_MS - VAD_WINDOW_MS);
        expect(found.gapMs).toBeLessThanOrEqual(gapMs + drownedMs + TOLERANCE_MS);
      }),
      { numRuns: 15 },
    );
  });
});
