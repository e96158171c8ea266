import { ALL_LEVERS, DEFAULT_LEVERS } from '@firstword/livekit';
import { isFirstwordError } from '@firstword/turn';
import { expect, it } from 'vitest';
import { armsOf, everyArm, REALTIME_ARMS } from './arms.js';

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

it('has LiveKit’s defaults without levers, Firstword’s defaults, and all levers', () => {
  const [livekit, firstword, all] = armsOf('livekit, firstword, all-levers');
  expect(livekit).toEqual({ name: 'livekit' });
  expect(firstword!.levers).toEqual(DEFAULT_LEVERS);
  expect(all!.levers).toEqual(ALL_LEVERS);
});

it('has an arm with one lever on, and one with all others on, for every lever', () => {
  for (const name of names) {
    expect(leversOf(`only-${name}`).filter(([, on]) => on)).toEqual([[name, true]]);
    expect(leversOf(`all-but-${name}`).filter(([, on]) => !on)).toEqual([[name, false]]);
  }
});

it('lists all arms for an unknown one', () => {
  const message = refusal('livekit,fastest');
  expect(message).toContain('"fastest"');
  for (const arm of everyArm()) expect(message).toContain(arm.name);
});

it('rejects an arm named twice', () => {
  expect(refusal('livekit,livekit')).toContain('once');
});

it('expands "every" to all arms, without duplicate levers', () => {
  const every = armsOf('every');
  expect(every[0]).toEqual({ name: 'livekit' });
  expect(new Set(every.map((arm) => JSON.stringify(arm.levers))).size).toBe(every.length);
  const pulled = new Set(every.map((arm) => JSON.stringify(arm.levers)));
  for (const arm of everyArm()) expect(pulled).toContain(JSON.stringify(arm.levers));
});

it('has arms with realtime models, which "every" leaves out', () => {
  const [plain, half] = armsOf('realtime:openai,half-cascade');
  expect(plain).toMatchObject({
    realtime: { model: 'openai', mode: 'audio', answers: 'itself' },
    levers: DEFAULT_LEVERS,
  });
  expect(half).toMatchObject({ realtime: { model: 'openai', mode: 'text', answers: 'itself' } });
  expect(armsOf('every').filter(({ realtime }) => realtime)).toEqual([]);
  for (const { name } of REALTIME_ARMS) expect(refusal('realtime:other')).toContain(name);
});
