import { defineConfig } from 'vitest/config';

/** End-to-end suites: real audio at real pace, real processes, a real browser where one is installed. One at a time. */
export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.e2e.ts', 'examples/tests/**/*.e2e.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    // Real audio through real processes: a starved machine may spoil one run. What needed a second one is reported.
    retry: 1,
    pool: 'forks',
    fileParallelism: false,
  },
});
