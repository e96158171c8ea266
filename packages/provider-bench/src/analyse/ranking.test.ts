import { findProfile } from '@firstword/emulator';
import { describe, expect, it } from 'vitest';
import { simulatedRun } from '../testing/simulated-run.js';
import { differenceAt } from './difference.js';
import { rankingAt } from './ranking.js';

const draws = (profile: string, requests: number, seed: number) =>
  simulatedRun({ arms: [{ target: 'a:b', ttft: findProfile(profile)!.ttft }], requests, seed }).samples.map(
    ({ phases }) => phases.firstContentMs!,
  );

describe('a difference', () => {
  it('is reported with its direction where there is one', () => {
    const [groq, openai] = [draws('groq-gpt-oss-120b', 150, 1), draws('gpt-4o-mini', 150, 2)];
    const there = differenceAt(groq, openai, { percent: 50, comparisons: 1 })!;
    expect(there).toMatchObject({ verdict: 'slower' });
    expect(there.lowMs).toBeLessThan(there.differenceMs);
    expect(there.highMs).toBeGreaterThan(there.differenceMs);
    expect(differenceAt(openai, groq, { percent: 50, comparisons: 1 })).toMatchObject({ verdict: 'faster' });
  });

  it('is not claimed from too few answers, however far apart they are', () => {
    const [few, many] = [[1, 2, 3], draws('gpt-4o-mini', 50, 1)];
    expect(differenceAt(few, many, { percent: 50, comparisons: 1 })?.verdict).toBe('too-few');
    expect(differenceAt(many, many, { percent: 95, comparisons: 1 })?.verdict).toBe('too-few');
    expect(differenceAt([], many, { percent: 50, comparisons: 1 })).toBeUndefined();
  });

  it('has wider intervals when more comparisons are made', () => {
    const [a, b] = [draws('gpt-4.1', 120, 1), draws('gpt-4o-mini', 120, 2)];
    const width = (comparisons: number) => {
      const { lowMs, highMs } = differenceAt(a, b, { percent: 50, comparisons })!;
      return highMs - lowMs;
    };
    expect(width(20)).toBeGreaterThan(width(1));
  });
});

describe('a ranking', () => {
  const arms = [
    { armId: 'openai', timesMs: draws('gpt-4o-mini', 120, 1) },
    { armId: 'openai again', timesMs: draws('gpt-4o-mini', 120, 2) },
    { armId: 'groq', timesMs: draws('groq-gpt-oss-120b', 120, 3) },
    { armId: 'dead', timesMs: [] },
  ];

  it('reports ties, and leaves out arms without an answer', () => {
    const { arms: ranked, tooFew } = rankingAt(arms, 50);
    expect(ranked.map(({ armId, rank }) => [armId, rank])).toEqual([
      ['groq', 1],
      expect.arrayContaining([2]),
      expect.arrayContaining([2]),
    ]);
    expect(ranked[0]!.tiedWith).toEqual([]);
    expect(ranked[1]!.tiedWith).toEqual([ranked[2]!.armId]);
    expect(tooFew).toEqual([]);
  });

  it('lists arms with too few answers', () => {
    const few = arms.map(({ armId, timesMs }) => ({ armId, timesMs: timesMs.slice(0, 40) }));
    const { arms: ranked, tooFew } = rankingAt(few, 95);
    expect(tooFew).toHaveLength(3);
    expect(new Set(ranked.map(({ rank }) => rank))).toEqual(new Set([1]));
  });
});
