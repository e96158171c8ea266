import { expect, it } from 'vitest';
import { noise } from '../testing/sound.js';
import { afterTurn, endless } from './background.js';

const rateHz = 16_000;
const at = (ms: number) => (ms * rateHz) / 1000;
const speech = [
  { startMs: 500, endMs: 1000 },
  { startMs: 1800, endMs: 2000 },
];

it('is the longest part without speech, its echo and breath left out', () => {
  const samples = noise({ ms: 4000, levelDb: -50, rateHz });
  const { echo, background } = afterTurn({ samples, caller: speech }, { startMs: 500, endMs: 2000 });
  expect(echo).toEqual(samples.slice(at(2000), at(2150)));
  expect(background).toEqual(samples.slice(at(2150), at(4000)));
});

it('does not hold the agent’s speech, nor the caller’s next words', () => {
  const samples = noise({ ms: 4000, levelDb: -50, rateHz });
  const agent = [{ startMs: 2100, endMs: 3900 }];
  const { echo, background } = afterTurn({ samples, caller: speech, agent }, { startMs: 500, endMs: 1000 });
  expect(echo).toEqual(samples.slice(at(1000), at(1150)));
  expect(background).toEqual(samples.slice(at(1150), at(1650)));
});

it('is inaudible noise where a recording has none, or digital silence', () => {
  const silent = afterTurn({ samples: new Int16Array(at(4000)), caller: speech }, speech[1]!);
  const none = afterTurn(
    { samples: noise({ ms: 2000, levelDb: -50, rateHz }), caller: [speech[0]!] },
    {
      startMs: 500,
      endMs: 2000,
    },
  );
  for (const { background } of [silent]) {
    expect(Math.max(...background.map(Math.abs))).toBeLessThan(20);
    expect(background.filter((sample) => sample === 0).length).toBeLessThan(background.length / 2);
  }
  expect(none.background.length).toBeGreaterThan(0);
});

it('goes on without end, to and fro', () => {
  const play = endless(Int16Array.of(1, 2, 3));
  expect([...play(4), ...play(4)]).toEqual([1, 2, 3, 3, 2, 1, 1, 2]);
});
