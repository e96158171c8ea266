import { describe, expect, it } from 'vitest';
import { PageClock } from './page-clock.js';

describe('PageClock', () => {
  it('is undefined before the first message', () => {
    expect(new PageClock().toLocal(5)).toBeUndefined();
  });

  it('uses the offset of the fastest message', () => {
    const clock = new PageClock();
    clock.addSample(0, 1030);
    clock.addSample(100, 1105);
    clock.addSample(200, 1260);
    expect(clock.toLocal(300)).toBe(1305);
  });

  it('follows a drifting clock by dropping old messages', () => {
    const clock = new PageClock();
    clock.addSample(0, 1000);
    clock.addSample(31_000, 32_010);
    expect(clock.toLocal(32_000)).toBe(33_010);
  });

  it('starts over when the page clock was reset', () => {
    const clock = new PageClock();
    clock.addSample(60_000, 61_000);
    clock.addSample(0, 62_000);
    expect(clock.toLocal(10)).toBe(62_010);
  });
});
