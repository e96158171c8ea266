import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_CALLER_BEHAVIOR } from './caller.js';
import { type CallerPlan, type CallerState, step } from './steps.js';

const LINES = 3;
const plan: CallerPlan = {
  lineCount: LINES,
  behavior: DEFAULT_CALLER_BEHAVIOR,
  lineMs: () => 1000,
  pauseMs: () => 500,
  bargeInAfterMs: () => undefined,
};

/** Arbitrary periods of agent sound and silence, in frames of 20 ms. */
const agent = fc.array(fc.record({ sound: fc.boolean(), frames: fc.integer({ min: 1, max: 600 }) }), {
  maxLength: 20,
});

it('always reaches the end of the call, and never goes back to an earlier line', () => {
  fc.assert(
    fc.property(agent, fc.boolean(), (spells, playoutEmpty) => {
      const sounding = spells.flatMap(({ sound, frames }) => Array<boolean>(frames).fill(sound));
      let state: CallerState = { phase: 'greeting', sinceMs: 0 };
      let lastAudibleMs: number | undefined;
      let turn = 0;
      let jumps = 0;
      // A lost line takes 2 × (8 + 1 + 0.5) s, an endless answer a minute; then the agent stays silent.
      const frames = sounding.length + (LINES + 1) * 5000;
      for (let frame = 0; frame < frames && state.phase !== 'done'; frame += 1) {
        const nowMs = frame * 20;
        if (sounding[frame]) lastAudibleMs = nowMs;
        const firstAudibleMs = sounding[frame] ? nowMs : undefined;
        state = step(state, { nowMs, firstAudibleMs, lastAudibleMs, playoutEmpty }, plan);
        if ('turn' in state) {
          // Counted instead of asserted: an assertion per frame would be too slow.
          if (state.turn < turn || state.turn > turn + 1) jumps += 1;
          turn = state.turn;
        }
      }
      expect(jumps).toBe(0);
      expect(state.phase).toBe('done');
    }),
  );
});
