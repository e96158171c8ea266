import { expect, test } from 'vitest';
import { conformance } from '../testing/conformance.js';
import { openAiWire } from '../wire/openai/index.js';
import { factoryOf } from './factory.js';
import { bearer, type Provider } from './provider.js';

/** The custom provider of this package's README. */
const acmeProvider = {
  name: 'acme',
  label: 'Acme',
  baseUrl: 'https://api.acme.example/v1',
  wire: openAiWire,
  keyVariable: 'ACME_API_KEY',
  auth: bearer,
  serviceTiers: ['fast', 'cheap'],
  defaults: () => ({ reasoning_effort: 'low' }),
} as const satisfies Provider;

conformance(acmeProvider);

test('its factory knows its tiers', () => {
  const acme = factoryOf(acmeProvider);
  expect(acme({ model: 'm', serviceTier: 'fast' })).toMatchObject({ provider: 'acme', model: 'm' });
  // @ts-expect-error there is no such tier
  expect(() => acme({ model: 'm', serviceTier: 'slow' })).toThrow(/fast, cheap/);
});
