import e2e from './vitest.e2e.config.ts';

/** A real LiveKit server, agent and caller. Builds the server the first time: minutes. */
export default { ...e2e, test: { ...e2e.test, include: ['tests/e2e/room.suite.ts'] } };
