import { defineConfig } from 'vitest/config';

/** End-to-end suites: real audio at real pace, real processes, a real browser where one is installed. One at a time. */
export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.e2e.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    pool: 'forks',
    fileParallelism: false,
  },
});
