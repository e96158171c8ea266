/**
 * Half-cascade: a realtime model hears the caller and answers in text, and your own TTS speaks. The model hears how something is said;
 * the voice, its clause hand-off and the trimming of silence stay yours.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AgentSession } from '@firstword/livekit';
import { cli, defineAgent, inference, ServerOptions, voice } from '@livekit/agents';
import * as openai from '@livekit/agents-plugin-openai';

if (existsSync('.env.local')) process.loadEnvFile('.env.local');
if (!process.env.LIVEKIT_URL || !process.env.OPENAI_API_KEY)
  console.error(
    'Set LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET and OPENAI_API_KEY in .env.local or in the environment.',
  );

export default defineAgent({
  entry: async (ctx) => {
    const session = new AgentSession({
      llm: new openai.realtime.RealtimeModel({
        modalities: ['text'],
        turnDetection: { type: 'server_vad', silence_duration_ms: 400 },
      }),
      tts: new inference.TTS({ model: 'cartesia/sonic-3' }),
      firstword: { records: 'calls' },
    });
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
