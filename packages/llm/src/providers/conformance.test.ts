import { afterEach, beforeEach, vi } from 'vitest';
import { conformance } from '../testing/conformance.js';
import { PROVIDERS } from './index.js';

// Their base URLs come from the environment.
beforeEach(() => {
  vi.stubEnv('AZURE_OPENAI_ENDPOINT', 'https://resource.example');
  vi.stubEnv('AWS_REGION', 'us-east-1');
});
afterEach(() => vi.unstubAllEnvs());

for (const provider of PROVIDERS) conformance(provider);
