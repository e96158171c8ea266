/** LiveKit's `voice/agent_session.ts`: an alias of `vitest.livekit-own.config.ts`. */
declare module 'livekit-agent-session';
