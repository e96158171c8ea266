import { defineConfig } from 'vitest/config';

/** The dashboards and the alert rules against a real Prometheus that scraped a real call and a real gateway. Needs Prometheus installed. */
export default defineConfig({
  test: {
    include: ['tests/e2e/metrics.suite.ts', 'tests/e2e/gateway-metrics.suite.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
  },
});
