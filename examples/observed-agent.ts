/**
 * An ordinary LiveKit agent with Firstword in three places: the LLM, the end-of-turn model, and the observer that
 * writes one turn record a line. Needs LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET and GROQ_API_KEY.
 */
import { FirstwordLLM, localTurnDetector, SessionObserver } from '@firstword/livekit';
import { openAiCompatible } from '@firstword/llm';
import { openTurnStore } from '@firstword/records';
import { defineAgent, type JobContext, voice } from '@livekit/agents';

const groq = openAiCompatible({
  provider: 'groq',
  model: 'openai/gpt-oss-120b',
  baseUrl: 'https://api.groq.com/openai/v1',
  apiKey: process.env.GROQ_API_KEY ?? '',
  keyVariable: 'GROQ_API_KEY',
  extra: { reasoning_effort: 'low', max_completion_tokens: 512 },
});

export default defineAgent({
  entry: async (ctx: JobContext) => {
    await ctx.connect();
    const session = new voice.AgentSession({
      stt: 'deepgram/nova-3',
      llm: new FirstwordLLM(groq),
      tts: 'cartesia/sonic-3',
      turnHandling: { turnDetection: localTurnDetector() },
    });
    const callId = ctx.job.id;
    const store = openTurnStore({ dir: 'turns', callId });
    const observer = new SessionObserver({
      session,
      callId,
      onTurn: (record, final) => {
        if (final) store.append(record);
      },
    });
    ctx.addShutdownCallback(async () => {
      observer.close();
      await store.close();
    });
    await session.start({
      agent: new voice.Agent({ instructions: 'You are a receptionist.' }),
      room: ctx.room,
    });
  },
});
