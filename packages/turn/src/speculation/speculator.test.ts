import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Speculator } from './speculator.js';

describe('Speculator', () => {
  it('counts speculations started, kept and cancelled, and wasted tokens', () => {
    const speculator = new Speculator();
    speculator.start('silence', 0);
    speculator.start('silence', 10);
    speculator.addWastedTokens(200, 10);
    speculator.commit(true);
    expect(speculator.stats).toEqual({
      started: 2,
      kept: 1,
      cancelled: 1,
      refused: 0,
      wastedTokens: 200,
      acceptance: 0.5,
    });
  });

  it('has no acceptance before the first outcome', () => {
    expect(new Speculator().stats.acceptance).toBeUndefined();
  });

  it('counts the outcome of a speculation once', () => {
    const speculator = new Speculator();
    speculator.start('stable', 0);
    speculator.commit(true);
    speculator.commit(true);
    speculator.cancel();
    expect(speculator.stats).toMatchObject({ kept: 1, cancelled: 0 });
  });

  it('limits the starts per turn and resets the limit with the next turn', () => {
    const speculator = new Speculator({ maxPerTurn: 2 });
    expect(speculator.start('silence', 0)).toBeUndefined();
    expect(speculator.start('silence', 1)).toBeUndefined();
    expect(speculator.start('silence', 2)).toBe('turn limit');
    speculator.commit(true);
    expect(speculator.start('silence', 3)).toBeUndefined();
  });

  it('keeps the running speculation when a restart is refused', () => {
    const speculator = new Speculator({ maxPerTurn: 1 });
    speculator.start('silence', 0);
    speculator.start('silence', 1);
    expect(speculator.running).toBe(true);
  });

  it('refuses while a minute’s budget is used up, and always once the call’s is', () => {
    const speculator = new Speculator({ maxWastedTokensPerMinute: 100, maxWastedTokensPerCall: 150 });
    speculator.addWastedTokens(100, 0);
    expect(speculator.refusal('silence', 59_999)).toBe('minute budget');
    expect(speculator.refusal('silence', 60_000)).toBeUndefined();
    speculator.addWastedTokens(50, 60_000);
    expect(speculator.refusal('silence', 600_000)).toBe('call budget');
  });

  it('skips a reason with low acceptance, but tries it now and then', () => {
    const speculator = new Speculator({ minAcceptance: 0.4, probeEvery: 3 });
    for (let turn = 0; turn < 3; turn++) {
      speculator.start('confident', turn);
      speculator.commit(false);
    }
    expect(speculator.start('confident', 10)).toBe('low acceptance');
    expect(speculator.start('silence', 10)).toBeUndefined();
    expect(speculator.start('confident', 11)).toBe('low acceptance');
    expect(speculator.start('confident', 12)).toBeUndefined();
  });

  it('trusts a reason again after it was kept often enough', () => {
    const speculator = new Speculator({ minAcceptance: 0.4, probeEvery: 1 });
    for (let turn = 0; turn < 20; turn++) {
      speculator.start('confident', turn);
      speculator.commit(false);
    }
    for (let turn = 0; turn < 3; turn++) {
      speculator.start('confident', turn);
      speculator.commit(true);
    }
    expect(speculator.start('confident', 30)).toBeUndefined();
  });

  it('never starts beyond the minute’s budget, and its counts always add up', () => {
    const step = fc.record({
      afterMs: fc.nat(20_000),
      act: fc.constantFrom('start', 'cancel', 'keep', 'drop'),
      tokens: fc.nat(400),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const speculator = new Speculator({ maxWastedTokensPerMinute: 600, minAcceptance: 0 });
        const wasted: { atMs: number; tokens: number }[] = [];
        let nowMs = 0;
        for (const { afterMs, act, tokens } of steps) {
          nowMs += afterMs;
          if (act === 'start') {
            const inMinute = wasted.filter((w) => w.atMs > nowMs - 60_000);
            const spent = inMinute.reduce((sum, w) => sum + w.tokens, 0);
            if (speculator.start('silence', nowMs) === undefined) expect(spent).toBeLessThan(600);
          } else if (act === 'cancel') {
            speculator.cancel();
            speculator.addWastedTokens(tokens, nowMs);
            wasted.push({ atMs: nowMs, tokens });
          } else speculator.commit(act === 'keep');
        }
        const { started, kept, cancelled } = speculator.stats;
        expect(started).toBe(kept + cancelled + (speculator.running ? 1 : 0));
      }),
    );
  });
});
