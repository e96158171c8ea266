import { defineConfig } from 'vitest/config';

/** A real LiveKit server, agent and caller, at the pace of speech. Builds the server the first time: minutes. */
export default defineConfig({
  test: {
    include: ['tests/e2e/room.suite.ts'],
    testTimeout: 300_000,
    // Real audio through real WebRTC at real pace: one starved second on a shared machine fails a call.
    retry: 2,
    pool: 'forks',
    fileParallelism: false,
  },
});
