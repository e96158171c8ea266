import { expect, it } from 'vitest';
import type { BenchSample } from '../sample.js';
import { armOf } from '../testing/plan.js';
import { overlapsOf } from './overlap.js';

const one = armOf({ id: 'one' });
const eight = armOf({ id: 'eight', concurrency: 8 });
const other = armOf({ id: 'other', target: 'emulated:gpt-4o-mini' });

const sample = (armId: string, scheduledMs: number, endMs: number, warmUp = false): BenchSample => ({
  index: 0,
  armId,
  warmUp,
  language: 'en',
  conversation: 0,
  turn: 0,
  promptCharacters: 1,
  scheduledMs,
  startedMs: scheduledMs + 1,
  phases: { endMs },
  requests: 1,
  machine: { eventLoopDelayMs: 0, contaminated: [] },
});

it('counts requests that overlap others of their target, except those of the same burst', () => {
  const samples = [
    sample('eight', 0, 1500),
    sample('eight', 0, 1500),
    sample('one', 1000, 100),
    sample('one', 2000, 100),
    sample('other', 1000, 100),
  ];
  expect(overlapsOf([one, eight, other], samples)).toEqual([{ armId: 'one', count: 1, of: 2 }]);
});

it('does not count warm-ups, but counts requests that overlap one', () => {
  const samples = [sample('one', 0, 900, true), sample('one', 500, 100, true), sample('one', 800, 10)];
  expect(overlapsOf([one], samples)).toEqual([{ armId: 'one', count: 1, of: 1 }]);
});
