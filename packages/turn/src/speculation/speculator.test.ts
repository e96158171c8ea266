import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Speculator } from './speculator.js';

describe('Speculator', () => {
  it('counts what was started, kept, superseded and wasted', () => {
    const account = new Speculator();
    account.start('silence', 0);
    account.start('silence', 10);
    account.addWastedTokens(200, 10);
    account.commit(true);
    expect(account.stats).toEqual({
      started: 2,
      kept: 1,
      cancelled: 1,
      refused: 0,
      wastedTokens: 200,
      acceptance: 0.5,
    });
  });

  it('has no acceptance before anything is settled', () => {
    expect(new Speculator().stats.acceptance).toBeUndefined();
  });

  it('settles a speculation once', () => {
    const account = new Speculator();
    account.start('stable', 0);
    account.commit(true);
    account.commit(true);
    account.cancel();
    expect(account.stats).toMatchObject({ kept: 1, cancelled: 0 });
  });

  it('bounds the starts of one turn, and begins anew with the next', () => {
    const account = new Speculator({ maxPerTurn: 2 });
    expect(account.start('silence', 0)).toBeUndefined();
    expect(account.start('silence', 1)).toBeUndefined();
    expect(account.start('silence', 2)).toBe('turn limit');
    account.commit(true);
    expect(account.start('silence', 3)).toBeUndefined();
  });

  it('keeps what runs when a restart is refused', () => {
    const account = new Speculator({ maxPerTurn: 1 });
    account.start('silence', 0);
    account.start('silence', 1);
    expect(account.running).toBe(true);
  });

  it('stops for a minute that wasted too much, and for good when the call has', () => {
    const account = new Speculator({ maxWastedTokensPerMinute: 100, maxWastedTokensPerCall: 150 });
    account.addWastedTokens(100, 0);
    expect(account.refusal('silence', 59_999)).toBe('minute budget');
    expect(account.refusal('silence', 60_000)).toBeUndefined();
    account.addWastedTokens(50, 60_000);
    expect(account.refusal('silence', 600_000)).toBe('call budget');
  });

  it('lets a reason that disappoints go by, but tries it now and then', () => {
    const account = new Speculator({ minAcceptance: 0.4, probeEvery: 3 });
    for (let turn = 0; turn < 3; turn++) {
      account.start('confident', turn);
      account.commit(false);
    }
    expect(account.start('confident', 10)).toBe('low acceptance');
    expect(account.start('silence', 10)).toBeUndefined();
    expect(account.start('confident', 11)).toBe('low acceptance');
    expect(account.start('confident', 12)).toBeUndefined();
  });

  it('trusts a reason again that has proved itself', () => {
    const account = new Speculator({ minAcceptance: 0.4, probeEvery: 1 });
    for (let turn = 0; turn < 20; turn++) {
      account.start('confident', turn);
      account.commit(false);
    }
    for (let turn = 0; turn < 3; turn++) {
      account.start('confident', turn);
      account.commit(true);
    }
    expect(account.start('confident', 30)).toBeUndefined();
  });

  it('never lets one minute start anything past its budget, and its books always balance', () => {
    const step = fc.record({
      afterMs: fc.nat(20_000),
      act: fc.constantFrom('start', 'cancel', 'keep', 'drop'),
      tokens: fc.nat(400),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const account = new Speculator({ maxWastedTokensPerMinute: 600, minAcceptance: 0 });
        const wasted: { atMs: number; tokens: number }[] = [];
        let nowMs = 0;
        for (const { afterMs, act, tokens } of steps) {
          nowMs += afterMs;
          if (act === 'start') {
            const inMinute = wasted.filter((w) => w.atMs > nowMs - 60_000);
            const spent = inMinute.reduce((sum, w) => sum + w.tokens, 0);
            if (account.start('silence', nowMs) === undefined) expect(spent).toBeLessThan(600);
          } else if (act === 'cancel') {
            account.cancel();
            account.addWastedTokens(tokens, nowMs);
            wasted.push({ atMs: nowMs, tokens });
          } else account.commit(act === 'keep');
        }
        const { started, kept, cancelled } = account.stats;
        expect(started).toBe(kept + cancelled + (account.running ? 1 : 0));
      }),
    );
  });
});
