/** The same LiveKit agent with Firstword's levers on. Needs LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET. */
import { attachLowLatency, lowLatency, roomOptions, watchRoom } from '@firstword/livekit';
import { defineAgent, inference, type JobContext, voice } from '@livekit/agents';

export default defineAgent({
  entry: async (ctx: JobContext) => {
    await ctx.connect();
    const stt = new inference.STT({ model: 'deepgram/nova-3', language: 'en' });
    const llm = new inference.LLM({ model: 'openai/gpt-4o-mini' });
    const tts = new inference.TTS({ model: 'cartesia/sonic-3' });
    const session = new voice.AgentSession(lowLatency({ stt, llm, tts }));
    attachLowLatency(session);
    watchRoom(session);
    const agent = new voice.Agent({ instructions: 'You are a receptionist.' });
    await session.start({ agent, room: ctx.room, ...roomOptions(session.tts) });
  },
});
