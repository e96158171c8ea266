import { describe, expect, it } from 'vitest';
import { PageClock } from './page-clock.js';

describe('PageClock', () => {
  it('knows nothing before the first message', () => {
    expect(new PageClock().toLocal(5)).toBeUndefined();
  });

  it('trusts the message that travelled fastest', () => {
    const clock = new PageClock();
    clock.saw(0, 1030);
    clock.saw(100, 1105);
    clock.saw(200, 1260);
    expect(clock.toLocal(300)).toBe(1305);
  });

  it('follows a drifting clock by forgetting old messages', () => {
    const clock = new PageClock();
    clock.saw(0, 1000);
    clock.saw(31_000, 32_010);
    expect(clock.toLocal(32_000)).toBe(33_010);
  });

  it('starts again with a clock that started again', () => {
    const clock = new PageClock();
    clock.saw(60_000, 61_000);
    clock.saw(0, 62_000);
    expect(clock.toLocal(10)).toBe(62_010);
  });
});
