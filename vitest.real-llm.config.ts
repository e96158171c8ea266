import { defineConfig } from 'vitest/config';

/** The provider bench against a real LLM server on this machine. Installs it from PyPI the first time: 130 MB. */
export default defineConfig({
  test: {
    include: ['tests/e2e/real-llm.suite.ts'],
    testTimeout: 300_000,
    hookTimeout: 900_000,
    pool: 'forks',
  },
});
