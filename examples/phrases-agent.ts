/** An agent whose greeting is cached on disk, and that says "Let me see." when an answer is late. Needs LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET. */
import { adviseVendors, attachLowLatency, lowLatency, PhraseCache } from '@firstword/livekit';
import { defineAgent, inference, type JobContext, voice } from '@livekit/agents';

const GREETING = 'Good evening, the Olive Tree. How can I help?';
const VOICE = 'f786b574-daa5-4673-aa0c-cbe3e8534c02';
const phrases = { cache: new PhraseCache({ dir: 'phrases' }), texts: [GREETING], voice: VOICE };
/** A filler is said if the silence would exceed 1.2 s. */
const filler = { phrases: ['Let me see.', 'One moment, please.', 'Just a second.'], overMs: 1200 };

export default defineAgent({
  entry: async (ctx: JobContext) => {
    await ctx.connect();
    const stt = new inference.STT({ model: 'deepgram/nova-3', language: 'en' });
    const llm = new inference.LLM({ model: 'openai/gpt-4o-mini' });
    const tts = new inference.TTS({ model: 'cartesia/sonic-3', voice: VOICE });
    for (const { part, text } of adviseVendors({ stt, tts })) console.info(`${part} ${text}`);
    const session = new voice.AgentSession(lowLatency({ stt, llm, tts, phrases, filler }));
    attachLowLatency(session);
    const agent = new voice.Agent({ instructions: 'You are a receptionist.' });
    await session.start({ agent, room: ctx.room });
    session.say(GREETING);
  },
});
