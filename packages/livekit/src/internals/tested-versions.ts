/**
 * The oldest `@livekit/agents` that works: the private parts were read in it, and older ones lack options that the levers
 * set. `peerDependencies` begin here.
 */
export const OLDEST_AGENTS = '1.9.0';

/** The newest `@livekit/agents` with which the tests have run. README.md, "After an upgrade", says when to raise it. */
export const NEWEST_TESTED_AGENTS = '1.9.0';
