/** An agent whose greeting is cached on disk, and that says "Let me see." (a filler) when an answer is late. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AgentSession, PhraseCache } from '@firstword/livekit';
import { cli, defineAgent, inference, ServerOptions, voice } from '@livekit/agents';

if (existsSync('.env.local')) process.loadEnvFile('.env.local');
if (!process.env.LIVEKIT_URL)
  console.error(
    'Set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET in .env.local or in the environment.',
  );

const GREETING = 'Good evening, the Olive Tree. How can I help?';
const VOICE = 'f786b574-daa5-4673-aa0c-cbe3e8534c02';
/** One cache for all calls. The phrases that are missing in it are synthesized when a session starts. */
const phrases = { cache: new PhraseCache({ dir: 'phrases' }), texts: [GREETING], voice: VOICE };
/** A filler is said if the silence would exceed 1.2 s. */
const filler = { phrases: ['Let me see.', 'One moment, please.', 'Just a second.'], overMs: 1200 };

export default defineAgent({
  entry: async (ctx) => {
    const session = new AgentSession({
      stt: new inference.STT({ model: 'deepgram/nova-3', language: 'en' }),
      llm: new inference.LLM({ model: 'openai/gpt-4o-mini' }),
      tts: new inference.TTS({ model: 'cartesia/sonic-3', voice: VOICE }),
      firstword: { phrases, filler },
    });
    await session.start({
      agent: new voice.Agent({
        instructions: 'You are a receptionist. Answer in one or two short sentences.',
      }),
      room: ctx.room,
    });
    await ctx.connect();
    session.say(GREETING);
  },
});

cli.runApp(new ServerOptions({ agent: fileURLToPath(import.meta.url) }));
