import { defineConfig } from 'vitest/config';

/** Unit and socket tests, beside the code they test. `npm test` builds first, because cross-package imports use dist. */
export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'apps/*/src/**/*.test.ts',
      'validation/src/**/*.test.ts',
      'tests/house/**/*.test.ts',
      'examples/tests/**/*.test.ts',
      'scripts/**/*.test.mjs',
    ],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
