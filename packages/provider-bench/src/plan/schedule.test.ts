import { describe, expect, it } from 'vitest';
import { parseTargets } from '../targets/parse-targets.js';
import { armOf, planOf } from '../testing/plan.js';
import { armsOf } from './arms.js';
import { saltOf } from './salt.js';
import { conversationPosition, schedule } from './schedule.js';

const arms = ['a', 'b', 'c'].map((id) => armOf({ id }));

describe('schedule', () => {
  const plan = planOf({ turns: 50, warmUps: 2, perSecond: 10 });
  const requests = schedule(plan, arms, 1);

  it('sends equally many requests to each arm, warm-ups first', () => {
    for (const { id } of arms) {
      const own = requests.filter(({ arm }) => arm.id === id);
      expect(own.map(({ warmUp }) => warmUp)).toEqual([true, true, ...Array(50).fill(false)]);
    }
  });

  it('contains every arm once in each round, in varying order', () => {
    const orders = new Set<string>();
    for (let at = 0; at < requests.length; at += 3) {
      const round = requests.slice(at, at + 3).map(({ arm }) => arm.id);
      expect([...round].sort()).toEqual(['a', 'b', 'c']);
      orders.add(round.join());
    }
    expect(orders.size).toBe(6);
  });

  it('keeps the pace, each request at a random time within its slot', () => {
    for (const { index, scheduledMs } of requests) {
      expect(Math.floor(scheduledMs / 100)).toBe(index);
    }
    expect(new Set(requests.map(({ scheduledMs }) => Math.round(scheduledMs % 100))).size).toBeGreaterThan(
      60,
    );
  });

  it('depends only on the seed', () => {
    expect(schedule(plan, arms, 1)).toEqual(requests);
    expect(schedule({ ...plan, seed: 2 }, arms, 1)).not.toEqual(requests);
  });

  it('sends the requests of a burst at the same time, and spreads the bursts over the run', () => {
    const mixed = [armOf({ id: 'one' }), armOf({ id: 'four', concurrency: 4 })];
    const bursts = schedule(planOf({ turns: 40, warmUps: 0 }), mixed, 1).filter(
      ({ arm }) => arm.id === 'four',
    );
    expect(bursts.length).toBe(40);
    expect(new Set(bursts.map(({ scheduledMs }) => scheduledMs)).size).toBe(10);
  });
});

it('extends a conversation turn by turn, alternating languages', () => {
  const places = Array.from({ length: 8 }, (_, nth) => conversationPosition(nth, { historyTurns: 2 }, 2));
  expect(places.map(({ conversation, turn }) => `${conversation}.${turn}`)).toEqual([
    '0.0',
    '1.0',
    '0.1',
    '1.1',
    '2.0',
    '3.0',
    '2.1',
    '3.1',
  ]);
});

it('salts prompts per arm, or per request where the prefix is broken', () => {
  const request = (parts: object, index: number) => ({
    ...schedule(planOf(), [armOf(parts)], 1)[0]!,
    index,
  });
  expect(saltOf(request({}, 0), 'run')).toBe(saltOf(request({}, 1), 'run'));
  expect(saltOf(request({}, 0), 'run')).not.toBe(saltOf(request({}, 0), 'other run'));
  expect(saltOf(request({}, 0), 'run')).not.toBe(saltOf(request({ id: 'b' }, 0), 'run'));
  expect(saltOf(request({ prefix: 'broken' }, 0), 'run')).not.toBe(
    saltOf(request({ prefix: 'broken' }, 1), 'run'),
  );
});

describe('armsOf', () => {
  it('combines all varied settings, and names the non-default ones', () => {
    const plan = planOf({
      modes: [{ mode: 'warm' }, { mode: 'idle', idleMs: 30_000 }],
      prefixes: ['stable', 'broken'],
      concurrencies: [1, 4],
    });
    const ids = armsOf(plan, parseTargets(['emulated:instant'])).map(({ id }) => id);
    expect(ids.length).toBe(8);
    expect(new Set(ids).size).toBe(8);
    expect(ids).toContain('emulated:instant · idle 30 s · broken prefix · 4 at once');
  });

  it('compresses only where the provider supports it', () => {
    const plan = planOf({ bodyEncodings: ['json', 'gzip'] });
    const ids = armsOf(plan, parseTargets(['cerebras:a', 'groq:b'])).map(({ id }) => id);
    expect(ids).toEqual(['cerebras:a · json', 'cerebras:a · gzip', 'groq:b · json']);
  });

  it('rejects efforts for a provider that has no named efforts', () => {
    const plan = planOf({ efforts: ['low'] });
    expect(armsOf(plan, parseTargets(['groq:a']))[0]!.id).toBe('groq:a · effort low');
    expect(() => armsOf(plan, parseTargets(['anthropic:a']))).toThrow(/effort/);
  });
});
