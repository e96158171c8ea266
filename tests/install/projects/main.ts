import { fileURLToPath } from 'node:url';
import {
  cli,
  defineAgent,
  type JobContext,
  type JobProcess,
  metrics,
  ServerOptions,
  voice,
} from '@livekit/agents';
import { Assistant } from './agent.js';
import { noiseCancellation } from './noise-cancellation.js';
import { ScriptedSTT, ScriptedTTS } from './scripted-parts.js';

// Keys are in a file that is not committed.
process.loadEnvFile('.env.local');

export default defineAgent({
  prewarm: async (proc: JobProcess) => {
    proc.userData.tts = new ScriptedTTS();
  },

  entry: async (ctx: JobContext) => {
    const session = new voice.AgentSession({
      stt: new ScriptedSTT(),
      tts: ctx.proc.userData.tts as ScriptedTTS,
      turnHandling: {
        turnDetection: 'vad',
        preemptiveGeneration: { enabled: true },
        interruption: { minDuration: 400 },
      },
      userAwayTimeout: 25,
    });

    session.on(voice.AgentSessionEventTypes.MetricsCollected, (event) => metrics.logMetrics(event.metrics));

    await session.start({
      agent: new Assistant(),
      room: ctx.room,
      inputOptions: { noiseCancellation: noiseCancellation() },
    });
    await ctx.connect();
  },
});

cli.runApp(new ServerOptions({ agent: fileURLToPath(import.meta.url), agentName: 'receptionist' }));
