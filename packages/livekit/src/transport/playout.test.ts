import { ManualClock } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import { Playout } from './playout.js';

const RATE_HZ = 24_000;
const ms = (n: number, level = 0) => new Int16Array((RATE_HZ * n) / 1000).fill(level);

function rig() {
  const clock = new ManualClock({ nowMs: 1000 });
  const played: { atMs: number; samples: number; answer: number }[] = [];
  const log: string[] = [];
  const playout = new Playout({
    clock,
    rateHz: RATE_HZ,
    sink: {
      play: (samples, atMs, answer) => played.push({ atMs, samples: samples.length, answer }),
      clear: () => log.push('clear'),
    },
    events: {
      onPaused: (answer, atMs) => log.push(`paused ${answer} ${atMs}`),
      onPublished: (answer, atMs) => log.push(`published ${answer} ${atMs}`),
      onAudible: (answer, atMs) => log.push(`audible ${answer} ${atMs}`),
      onFinished: (answer, playedMs, interrupted) =>
        log.push(`finished ${answer} ${playedMs} ${interrupted}`),
    },
  });
  return { clock, played, log, playout };
}

describe('Playout', () => {
  it('paces a second of audio that arrived at once, in 20 ms chunks without gaps', () => {
    const { clock, played, playout } = rig();
    playout.push(ms(1000, 5000));
    playout.end();
    clock.advance(2000);
    expect(played.map((p) => p.atMs)).toEqual(Array.from({ length: 50 }, (_, i) => 1000 + i * 20));
  });

  it('sends chunks at most 40 ms early', () => {
    const { played, playout } = rig();
    playout.push(ms(1000, 5000));
    expect(played).toHaveLength(3);
  });

  it('reports the first audible sample past leading silence', () => {
    const { clock, log, playout } = rig();
    playout.push(ms(150));
    playout.push(ms(100, 5000));
    playout.end();
    clock.advance(1000);
    expect(log).toEqual(['published 1 1000', 'audible 1 1150', 'finished 1 250 false']);
  });

  it('plays late audio when it arrives after an underrun', () => {
    const { clock, played, playout } = rig();
    playout.push(ms(20, 5000));
    clock.advance(500);
    playout.push(ms(20, 5000));
    expect(played.map((p) => p.atMs)).toEqual([1000, 1500]);
  });

  it('stops at once on clear and reports how much was played', () => {
    const { clock, played, log, playout } = rig();
    playout.push(ms(1000, 5000));
    clock.advance(105);
    const before = played.length;
    playout.clear();
    clock.advance(2000);
    expect(played).toHaveLength(before);
    expect(log.slice(-2)).toEqual(['clear', 'finished 1 105 true']);
  });

  it('holds while paused and resumes at the same position', () => {
    const { clock, played, log, playout } = rig();
    playout.push(ms(200, 5000));
    playout.end();
    clock.advance(50);
    playout.pause();
    const held = played.length;
    clock.advance(1000);
    expect(played).toHaveLength(held);
    expect(log.slice(-2)).toEqual(['clear', 'paused 1 1050']);
    playout.resume();
    clock.advance(1000);
    const after = played.slice(held).reduce((sum, p) => sum + p.samples, 0);
    expect(after).toBe((RATE_HZ * 150) / 1000);
    expect(log.at(-1)).toBe('finished 1 200 false');
  });

  it('reports what was played before the pause if it is cleared while paused', () => {
    const { clock, log, playout } = rig();
    playout.push(ms(1000, 5000));
    clock.advance(105);
    playout.pause();
    playout.pause();
    clock.advance(400);
    playout.clear();
    expect(log.slice(-3)).toEqual(['paused 1 1105', 'clear', 'finished 1 105 true']);
  });

  it('plays nothing of audio that is cleared right after a resume', () => {
    const { clock, played, log, playout } = rig();
    playout.pause();
    playout.push(ms(200, 5000));
    playout.resume();
    playout.push(ms(200, 5000));
    clock.advance(19);
    playout.clear();
    clock.advance(1000);
    expect(played).toEqual([]);
    expect(log).toEqual(['clear', 'finished 1 0 true']);
    playout.push(ms(20, 5000));
    expect(played).toHaveLength(1);
  });

  it('numbers answers and drops a cleared one', () => {
    const { clock, played, playout } = rig();
    playout.push(ms(1005, 5000));
    playout.clear();
    playout.push(ms(20, 5000));
    playout.end();
    clock.advance(1000);
    expect(played.filter((p) => p.answer === 2)).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('plays the last partial chunk', () => {
    const { clock, played, playout } = rig();
    playout.push(ms(25, 5000));
    playout.end();
    clock.advance(100);
    expect(played.map((p) => p.samples)).toEqual([480, 120]);
  });
});
