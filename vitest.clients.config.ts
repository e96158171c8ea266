import { defineConfig } from 'vitest/config';

/** Real clients through the gateway and without it, and the pages about them. Installs them from PyPI and npm the first time: 1.2 GB. */
export default defineConfig({
  test: {
    include: ['tests/e2e/clients.suite.ts', 'tests/e2e/gateway-pages.suite.ts'],
    testTimeout: 180_000,
    hookTimeout: 1_800_000,
    pool: 'forks',
    maxWorkers: 1,
  },
});
