import { defineConfig } from 'vitest/config';

/** The shared store of routers against a real Valkey or Redis server. Needs one installed. */
export default defineConfig({
  test: {
    include: ['tests/e2e/valkey.suite.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
  },
});
