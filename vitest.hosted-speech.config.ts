import { defineConfig } from 'vitest/config';

/** LiveKit's own plugins against emulated speech services, in calls at the pace of speech: minutes. */
export default defineConfig({
  test: {
    include: ['tests/e2e/hosted-speech.suite.ts', 'validation/src/speech-faults/reconnects.suite.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    // Real audio at real pace: a starved machine may spoil one run. What needed a second one is reported.
    retry: 1,
    pool: 'forks',
    fileParallelism: false,
  },
});
