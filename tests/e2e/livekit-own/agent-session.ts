/** Stands for LiveKit's `voice/agent_session.ts` in its own tests. */

export { AgentSession } from '@firstword/livekit';
export * from 'livekit-agent-session';
