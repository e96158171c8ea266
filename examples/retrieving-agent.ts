/**
 * An agent that looks something up before each answer, as part of the speculation. In `onUserTurnCompleted` the same look-up
 * would wait for the end of the turn and discard the speculation.
 */
import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AgentSession, type Prepare } from '@firstword/livekit';
import { cli, defineAgent, inference, ServerOptions, voice } from '@livekit/agents';

if (existsSync('.env.local')) process.loadEnvFile('.env.local');
if (!process.env.LIVEKIT_URL)
  console.error(
    'Set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET in .env.local or in the environment.',
  );

const NOTES: Record<string, string> = {
  parking: 'Guests park in the garage in Mill Street, free after six.',
  opening: 'The house is open from five to eleven, closed on Mondays.',
  dogs: 'Dogs are welcome on the terrace.',
};

/** Takes 150 ms, as a search service would. Yours goes here; pass the signal to it. */
async function search(words: string, signal: AbortSignal): Promise<string[]> {
  await wait(150, undefined, { signal });
  return Object.keys(NOTES).flatMap((topic) => (words.toLowerCase().includes(topic) ? [NOTES[topic]!] : []));
}

/** May run before the caller has finished, and more than once, so it must only read. */
const prepare: Prepare = async (chatCtx, newMessage, { signal }) => {
  const found = await search(newMessage.textContent ?? '', signal);
  if (found.length > 0) chatCtx.addMessage({ role: 'system', content: found.join('\n') });
};

export default defineAgent({
  entry: async (ctx) => {
    const session = new AgentSession({
      stt: new inference.STT({ model: 'deepgram/nova-3', language: 'multi' }),
      llm: new inference.LLM({ model: 'openai/gpt-4o-mini' }),
      tts: new inference.TTS({ model: 'cartesia/sonic-3' }),
      firstword: { prepare },
    });
    await session.start({
      agent: new voice.Agent({
        instructions: 'You are the receptionist of a restaurant. Say only what you know.',
      }),
      room: ctx.room,
    });
    await ctx.connect();
  },
});

cli.runApp(new ServerOptions({ agent: fileURLToPath(import.meta.url) }));
