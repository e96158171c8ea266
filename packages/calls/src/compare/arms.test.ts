import { ALL_LEVERS, DEFAULT_LEVERS } from '@firstword/livekit';
import { isFirstwordError } from '@firstword/turn';
import { expect, it } from 'vitest';
import { armsOf, everyArm } from './arms.js';

const names = Object.keys(ALL_LEVERS);
const leversOf = (name: string) => Object.entries(armsOf(name)[0]!.levers ?? {});

function refusal(list: string): string {
  try {
    armsOf(list);
  } catch (error) {
    if (isFirstwordError(error, 'bad_input')) return error.message;
    throw error;
  }
  return expect.unreachable('the list was taken');
}

it('has LiveKit’s defaults without levers, Firstword as its preset is, and every lever', () => {
  const [livekit, firstword, all] = armsOf('livekit, firstword, all-levers');
  expect(livekit).toEqual({ name: 'livekit' });
  expect(firstword!.levers).toEqual(DEFAULT_LEVERS);
  expect(all!.levers).toEqual(ALL_LEVERS);
});

it('pulls one lever alone, and all but one, for every lever there is', () => {
  for (const name of names) {
    expect(leversOf(`only-${name}`).filter(([, on]) => on)).toEqual([[name, true]]);
    expect(leversOf(`all-but-${name}`).filter(([, on]) => !on)).toEqual([[name, false]]);
  }
});

it('lists every arm when it does not know one', () => {
  const message = refusal('livekit,fastest');
  expect(message).toContain('"fastest"');
  for (const arm of everyArm()) expect(message).toContain(arm.name);
});

it('refuses an arm named twice', () => {
  expect(refusal('livekit,livekit')).toContain('once');
});

it('has every arm in one word, and none that pulls the same levers as another', () => {
  const every = armsOf('every');
  expect(every[0]).toEqual({ name: 'livekit' });
  expect(new Set(every.map((arm) => JSON.stringify(arm.levers))).size).toBe(every.length);
  const pulled = new Set(every.map((arm) => JSON.stringify(arm.levers)));
  for (const arm of everyArm()) expect(pulled).toContain(JSON.stringify(arm.levers));
});
