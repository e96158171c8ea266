import { defineConfig } from 'vitest/config';

/** Stops every command at many moments of its life, as a terminal and a supervisor do. MOMENTS=4 is a short run. */
export default defineConfig({
  test: {
    include: ['tests/e2e/signals.suite.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A starved machine may take longer than 2 s once. What needed a second run is reported.
    retry: 1,
    pool: 'forks',
    fileParallelism: false,
  },
});
