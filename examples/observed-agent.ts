/** An ordinary LiveKit agent whose turns are measured and written to `calls/`, one line of JSON each. Nothing else changes. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SessionObserver } from '@firstword/livekit';
import { openTurnStore } from '@firstword/records';
import { cli, defineAgent, inference, ServerOptions, voice } from '@livekit/agents';

if (existsSync('.env.local')) process.loadEnvFile('.env.local');
if (!process.env.LIVEKIT_URL)
  console.error(
    'Set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET in .env.local or in the environment.',
  );

export default defineAgent({
  entry: async (ctx) => {
    const session = new voice.AgentSession({
      stt: new inference.STT({ model: 'deepgram/nova-3', language: 'multi' }),
      llm: new inference.LLM({ model: 'openai/gpt-4o-mini' }),
      tts: new inference.TTS({ model: 'cartesia/sonic-3' }),
    });
    const callId = ctx.job.id;
    const store = openTurnStore({ dir: 'calls', callId });
    const observer = new SessionObserver({
      session,
      callId,
      onCall: (record) => store.append(record),
      onTurn: (record, final) => {
        if (final) store.append(record);
      },
    });
    ctx.addShutdownCallback(async () => {
      observer.close();
      await store.close();
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
