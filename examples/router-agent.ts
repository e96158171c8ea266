/**
 * An agent with Firstword's own LLM clients: two providers behind a router. A slow or failing provider does not decide how long
 * a caller waits. Each turn's record in `calls/` says which provider has answered.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AgentSession, FirstwordLLM } from '@firstword/livekit';
import { groq, latencyFile, openai, router } from '@firstword/llm';
import { cli, defineAgent, inference, ServerOptions, voice } from '@livekit/agents';

if (existsSync('.env.local')) process.loadEnvFile('.env.local');
if (!process.env.LIVEKIT_URL || !process.env.OPENAI_API_KEY || !process.env.GROQ_API_KEY)
  console.error(
    'Set LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET, OPENAI_API_KEY and GROQ_API_KEY in .env.local or in the environment.',
  );

export default defineAgent({
  entry: async (ctx) => {
    const model = router({
      models: [openai({ model: 'gpt-4.1-mini' }), groq({ model: 'openai/gpt-oss-120b' })],
      order: 'fastest',
      hedge: { budget: 0.1 },
      // Each call has a process of its own. The next one starts from what this one has learned.
      memory: latencyFile('latency.jsonl'),
    });
    const session = new AgentSession({
      stt: new inference.STT({ model: 'deepgram/nova-3', language: 'multi' }),
      llm: new FirstwordLLM(model),
      tts: new inference.TTS({ model: 'cartesia/sonic-3' }),
      firstword: { records: 'calls' },
    });
    ctx.addShutdownCallback(() => model.close());
    await session.start({
      agent: new voice.Agent({
        instructions: 'You are a receptionist. Answer in one or two short sentences.',
      }),
      room: ctx.room,
    });
    await ctx.connect();
  },
});

cli.runApp(new ServerOptions({ agent: fileURLToPath(import.meta.url) }));
