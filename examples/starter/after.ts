/**
 * An agent in the shape of LiveKit's official Node starter; it answers calls that are dispatched to `my-agent`. `before.ts` is
 * LiveKit's alone. `after.ts` has Firstword's levers on, by two other lines.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AgentSession } from '@firstword/livekit';
import { cli, defineAgent, inference, ServerOptions, voice } from '@livekit/agents';
import { type AudioFrame, FrameProcessor } from '@livekit/rtc-node';

if (existsSync('.env.local')) process.loadEnvFile('.env.local');
if (!process.env.LIVEKIT_URL)
  console.error(
    'Set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET in .env.local or in the environment.',
  );

/** Put `audioEnhancement()` of `@livekit/plugins-ai-coustics` in its place: this one changes nothing. */
class NoiseCancellation extends FrameProcessor<AudioFrame> {
  isEnabled(): boolean {
    return true;
  }
  setEnabled(): void {}
  process(frame: AudioFrame): AudioFrame {
    return frame;
  }
  close(): void {}
}

class Assistant extends voice.Agent {
  constructor() {
    super({
      instructions: 'You are a friendly assistant on the telephone. Answer in one or two short sentences.',
      llm: new inference.LLM({ model: 'openai/gpt-4o-mini' }),
    });
  }
}

export default defineAgent({
  entry: async (ctx) => {
    const session = new AgentSession({
      stt: new inference.STT({ model: 'deepgram/nova-3', language: 'multi' }),
      tts: new inference.TTS({ model: 'cartesia/sonic-3' }),
      turnHandling: {
        turnDetection: new inference.TurnDetector(),
        preemptiveGeneration: { enabled: true },
      },
    });
    await session.start({
      agent: new Assistant(),
      room: ctx.room,
      inputOptions: { noiseCancellation: new NoiseCancellation() },
    });
    await ctx.connect();
    session.generateReply({ instructions: 'Greet the user and offer your help.' });
  },
});

cli.runApp(new ServerOptions({ agent: fileURLToPath(import.meta.url), agentName: 'my-agent' }));
