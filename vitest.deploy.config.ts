import { defineConfig } from 'vitest/config';

/** The files of deploy/gateway, checked by systemd, Kubernetes' schemas and Docker, as far as these work here. */
export default defineConfig({
  test: {
    include: ['tests/e2e/deploy.suite.ts'],
    testTimeout: 1_200_000,
    hookTimeout: 60_000,
    pool: 'forks',
  },
});
