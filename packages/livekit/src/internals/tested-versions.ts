/** The oldest `@livekit/agents` that works: older ones have no `inference.VAD` or other private parts. Also in `peerDependencies`. */
export const OLDEST_AGENTS = '1.9.0';

/** The newest `@livekit/agents` in which the private parts were read and the tests have run. See README.md, "After an upgrade". */
export const NEWEST_TESTED_AGENTS = '1.9.0';
