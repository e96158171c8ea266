import { ascending, percentile, seededRandom } from '@firstword/turn/statistics';
import { describe, expect, it } from 'vitest';
import { PROFILES } from './profiles.js';
import { findProfile } from './registry.js';
import { drawTtftMs, fitLognormal } from './ttft.js';

const DRAWS = 20_000;

function draws(name: string, seed: number, count: number): number[] {
  const profile = findProfile(name)!;
  const random = seededRandom(seed, 'ttft', profile.name);
  return Array.from({ length: count }, () => drawTtftMs(profile.ttft, random));
}

describe.each(PROFILES.filter((p) => !p.synthetic).map((p) => [p.name, p] as const))(
  '%s',
  (name, profile) => {
    const values = ascending(draws(name, 7, DRAWS));

    it('has the published median and 95th percentile within 4 %', () => {
      expect(Math.abs(percentile(values, 50) / profile.ttft.p50Ms - 1)).toBeLessThan(0.04);
      expect(Math.abs(percentile(values, 95) / profile.ttft.p95Ms - 1)).toBeLessThan(0.04);
    });

    it('never exceeds the published maximum', () => {
      expect(Math.max(...values)).toBeLessThanOrEqual(profile.ttft.maxMs ?? Number.POSITIVE_INFINITY);
    });

    it('gives its source', () => {
      expect(profile.source).toMatch(/cited/);
      expect(profile.tokensPerSecondSource).toMatch(/assumption/);
    });
  },
);

it('draws the same sequence for the same seed and a different one for a different seed', () => {
  expect(draws('gpt-4o-mini', 3, 50)).toEqual(draws('gpt-4o-mini', 3, 50));
  expect(draws('gpt-4o-mini', 3, 50)).not.toEqual(draws('gpt-4o-mini', 4, 50));
});

it('never waits on the instant profile', () => {
  expect(new Set(draws('instant', 1, 100))).toEqual(new Set([0]));
});

it('fits a lognormal through both percentiles', () => {
  const { mu, sigma } = fitLognormal({ p50Ms: 100, p95Ms: 200 });
  expect(Math.exp(mu)).toBeCloseTo(100, 9);
  expect(Math.exp(mu + 1.6448536269514722 * sigma)).toBeCloseTo(200, 9);
});

it('finds a profile by name, model id and alias; every id is unique', () => {
  expect(findProfile('openai/gpt-oss-120b@groq')?.name).toBe('groq-gpt-oss-120b');
  expect(findProfile('GPT-4o-mini')?.name).toBe('gpt-4o-mini');
  expect(findProfile('claude-haiku-4-5')?.name).toBe('claude-haiku-4.5');
  const ids = PROFILES.flatMap((p) => [p.name, p.model, ...p.aliases]).map((id) => id.toLowerCase());
  expect(new Set(ids).size).toBe(ids.length - PROFILES.filter((p) => p.name === p.model).length);
});
