import { describe, expect, it } from 'vitest';
import { GapForecast } from './gap-forecast.js';

/** A turn whose caller stopped speaking at 1000 and that was committed at 1400. */
const turn = { speechEndedMs: 1000, committedMs: 1400 };

function learned(turns: [clauseMs: number, byteMs: number][]): GapForecast {
  const forecast = new GapForecast();
  for (const [clauseMs, byteMs] of turns) {
    forecast.learn({ firstClauseMs: clauseMs, requestedMs: clauseMs, firstByteMs: clauseMs + byteMs }, 0);
  }
  return forecast;
}

describe('GapForecast', () => {
  it('starts with the elapsed time only', () => {
    expect(new GapForecast().gapMs({ ...turn, nowMs: 1450 })).toBe(450);
  });

  it('adds the call’s medians: from commit to first clause, and the TTFB of the TTS', () => {
    const forecast = learned([
      [900, 90],
      [1000, 100],
      [5000, 400],
    ]);
    expect(forecast.gapMs({ ...turn, nowMs: 1400 })).toBe(400 + 1000 + 100);
  });

  it('grows once an answer is later than the median', () => {
    expect(learned([[1000, 100]]).gapMs({ ...turn, nowMs: 2900 })).toBe(1900 + 100);
  });

  it('counts a clause that was ready before the commit as no wait', () => {
    expect(learned([[-300, 100]]).gapMs({ ...turn, nowMs: 1400 })).toBe(500);
  });

  it('learns nothing from a turn without an answer', () => {
    const forecast = new GapForecast();
    forecast.learn({ filler: { atMs: 5, durationMs: 300 } }, 0);
    expect(forecast.gapMs({ ...turn, nowMs: 1400 })).toBe(400);
  });

  it('forgets old turns', () => {
    const forecast = learned([
      ...Array<[number, number]>(15).fill([9000, 0]),
      ...Array<[number, number]>(15).fill([10, 0]),
    ]);
    expect(forecast.gapMs({ ...turn, nowMs: 1400 })).toBe(410);
  });

  it('predicts when the limit will be exceeded', () => {
    const forecast = learned([[200, 100]]);
    const limitMs = 1000;
    expect(forecast.lateInMs({ ...turn, nowMs: 1400, limitMs })).toBe(501);
    expect(forecast.gapMs({ ...turn, nowMs: 1901 })).toBeGreaterThan(limitMs);
    expect(forecast.gapMs({ ...turn, nowMs: 1900 })).toBe(limitMs);
    expect(forecast.lateInMs({ ...turn, nowMs: 1400, limitMs: 650 })).toBe(0);
  });
});
