/** An agent that looks something up before each answer, without giving up the speculation. Needs LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET. */
import { attachLowLatency, lowLatency, type Prepare } from '@firstword/livekit';
import { defineAgent, inference, type JobContext, voice } from '@livekit/agents';

const SEARCH_URL = process.env.SEARCH_URL ?? 'http://127.0.0.1:8080/search';

/** May run before the caller has finished, and more than once, so it must only read. */
const prepare: Prepare = async (chatCtx, newMessage, { signal }) => {
  const query = new URLSearchParams({ q: newMessage.textContent ?? '' });
  const response = await fetch(`${SEARCH_URL}?${query}`, { signal });
  if (!response.ok) throw new Error(`The search answered ${response.status}.`);
  chatCtx.addMessage({ role: 'system', content: `What we know about it:\n${await response.text()}` });
};

export default defineAgent({
  entry: async (ctx: JobContext) => {
    await ctx.connect();
    const stt = new inference.STT({ model: 'deepgram/nova-3', language: 'en' });
    const llm = new inference.LLM({ model: 'openai/gpt-4o-mini' });
    const tts = new inference.TTS({ model: 'cartesia/sonic-3' });
    const session = new voice.AgentSession(lowLatency({ stt, llm, tts, prepare }));
    attachLowLatency(session);
    const agent = new voice.Agent({ instructions: 'You are a receptionist.' });
    await session.start({ agent, room: ctx.room });
  },
});
