import { expect, it } from 'vitest';
import { evidenceOf } from '../evidence-collector.js';
import { evidence } from '../testing/evidence.js';
import { quotaUsedUp } from './quota-used-up.js';
import { rateLimit } from './rate-limit.js';

const REFUSED = { kind: 'quota used up' as const, place: 'a.log:1' };
const CLOSED = { kind: 'session closed' as const, place: 'a.log:5' };
const DEAD = { ...evidenceOf([]), events: [REFUSED, REFUSED, CLOSED] };

it('calls a call dead, and is sure', () => {
  const [found] = quotaUsedUp.examine(DEAD);
  expect(found!.verdict).toContain('the call is dead');
  expect(found!.confidence.value).toBeGreaterThan(0.9);
  expect(found!.isBroken).toBe(true);
});

it('is not reported as a rate limit as well', () => {
  expect(rateLimit.examine(DEAD)).toEqual([]);
});

it('finds nothing without a refusal', () => {
  expect(quotaUsedUp.examine(evidence(5))).toEqual([]);
});
