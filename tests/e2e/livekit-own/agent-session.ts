/** Stands for LiveKit's `voice/agent_session.ts` in its own tests. */

export { AgentSession } from '@firstword/livekit';
// biome-ignore lint/correctness/noUndeclaredDependencies: an alias of vitest.livekit-own.config.ts
export * from 'livekit-agent-session';
