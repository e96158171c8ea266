import { defineConfig } from 'vitest/config';

/** Installs this tree's packages from a registry into foreign projects. Downloads 300 MB the first time, and keeps it. */
export default defineConfig({
  test: {
    include: ['tests/install/**/*.suite.ts'],
    globalSetup: ['tests/install/support/setup.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
