/**
 * Transcript-driven: a realtime model only hears. It finds the caller's turns and their words; your own logic, a router over two LLMs and
 * your TTS answer, as in a cascade.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AgentSession, FirstwordLLM } from '@firstword/livekit';
import { groq, openai as openaiLlm, router } from '@firstword/llm';
import { cli, defineAgent, inference, type llm, ServerOptions, voice } from '@livekit/agents';
import * as openai from '@livekit/agents-plugin-openai';

if (existsSync('.env.local')) process.loadEnvFile('.env.local');
if (!process.env.LIVEKIT_URL || !process.env.OPENAI_API_KEY || !process.env.GROQ_API_KEY)
  console.error(
    'Set LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET, OPENAI_API_KEY and GROQ_API_KEY in .env.local or in the environment.',
  );

class Receptionist extends voice.Agent {
  /** Called with the words that the realtime model has heard, before the router is asked. */
  override async onUserTurnCompleted(chatCtx: llm.ChatContext, _newMessage: llm.ChatMessage): Promise<void> {
    chatCtx.addMessage({ role: 'system', content: 'Today the house is open from five to eleven.' });
  }
}

export default defineAgent({
  entry: async (ctx) => {
    const model = router({
      models: [openaiLlm({ model: 'gpt-4.1-mini' }), groq({ model: 'openai/gpt-oss-120b' })],
      hedge: { budget: 0.1 },
    });
    const session = new AgentSession({
      llm: new openai.realtime.RealtimeModel({
        modalities: ['text'],
        // Without `create_response: false` the model would answer as well, unheard and paid for.
        turnDetection: { type: 'server_vad', silence_duration_ms: 400, create_response: false },
      }),
      tts: new inference.TTS({ model: 'cartesia/sonic-3' }),
      firstword: { answerWith: new FirstwordLLM(model), records: 'calls' },
    });
    ctx.addShutdownCallback(() => model.close());
    await session.start({
      agent: new Receptionist({
        instructions: 'You are a receptionist. Answer in one or two short sentences.',
      }),
      room: ctx.room,
    });
    await ctx.connect();
  },
});

cli.runApp(new ServerOptions({ agent: fileURLToPath(import.meta.url) }));
