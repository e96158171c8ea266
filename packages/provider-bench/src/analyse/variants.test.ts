import { describe, expect, it } from 'vitest';
import { armOf } from '../testing/plan.js';
import { simulatedRun } from '../testing/simulated-run.js';
import { variantChanges } from './variants.js';

const describeChanges = (changes: ReturnType<typeof variantChanges>) =>
  changes.map(
    ({ armId, baselineId, changed, baseline }) =>
      `${armId} | ${baselineId} | ${changed} instead of ${baseline}`,
  );

it('compares each arm with the baseline that differs in that setting only', () => {
  const arms = [
    armOf({ id: 'cold', mode: 'cold' }),
    armOf({ id: 'warm' }),
    armOf({ id: 'idle', mode: 'idle', idleMs: 30_000 }),
    armOf({ id: 'cold, broken', mode: 'cold', prefix: 'broken' }),
    armOf({ id: 'other', target: 'emulated:gpt-4o-mini' }),
  ];
  expect(describeChanges(variantChanges({ arms, samples: [] }))).toEqual([
    'cold | warm | cold instead of warm',
    'idle | warm | idle 30 s instead of warm',
    'cold, broken | cold | broken prefix instead of stable prefix',
  ]);
});

it('takes the lowest effort, encoding and concurrency as the baseline, in any order', () => {
  const efforts = ['high', 'low'].map((effort) => armOf({ id: effort, effort }));
  expect(describeChanges(variantChanges({ arms: efforts, samples: [] }))).toEqual([
    'high | low | effort high instead of effort low',
  ]);
  const bodies = (['gzip', 'json'] as const).map((bodyEncoding) => armOf({ id: bodyEncoding, bodyEncoding }));
  expect(describeChanges(variantChanges({ arms: bodies, samples: [] }))).toEqual([
    'gzip | json | gzip instead of json',
  ]);
  const steps = [8, 1].map((concurrency) => armOf({ id: `${concurrency}`, concurrency }));
  expect(describeChanges(variantChanges({ arms: steps, samples: [] }))).toEqual([
    '8 | 1 | 8 at once instead of 1 at once',
  ]);
});

describe('a difference', () => {
  const ttft = { p50Ms: 100, p95Ms: 200 };
  const target = 'groq:m';
  const runOf = (coldMs: number) =>
    simulatedRun({
      arms: [
        { target, ttft },
        { target, ttft, mode: 'cold', coldMs },
      ],
      requests: 120,
      seed: 3,
    });

  it('is reported where it is significant, and not where there is none', () => {
    const [change] = variantChanges(runOf(150));
    expect(change!.differences.map(({ verdict }) => verdict)).toEqual(['slower', 'slower']);
    expect(change!.differences[0]!.differenceMs).toBeGreaterThan(120);
    expect(variantChanges(runOf(0))[0]!.differences[0]!.verdict).toBe('no-difference-shown');
  });
});
