import { join } from 'node:path';
import { openTape } from '@firstword/calls';
import { answerRoom, defineRoomAgent } from '@firstword/livekit';
import { openTurnStore } from '@firstword/records';
import { systemClock } from '@firstword/turn';
import { LlmShelf } from '../../llm/shelf.js';
import { APOLOGY, GREETING, INSTRUCTIONS } from '../../receptionist.js';
import { openVoiceParts } from '../../voice-parts.js';
import { sampleAgentOptions } from './sample-options.js';

/** The restaurant of the demo, as a LiveKit agent. Runs in a process of LiveKit's, one a call. */
export default defineRoomAgent({
  prewarm: async () => {
    const { profile, seed, emulatorUrl } = sampleAgentOptions();
    const shelf = new LlmShelf({ seed, url: emulatorUrl });
    const [parts, model] = await Promise.all([openVoiceParts(), shelf.get(shelf.choice(profile).name)]);
    return { shelf, parts, model };
  },
  answer: async (job, { shelf, parts, model }) => {
    const { livekitDefaults, out, transcripts, tape: asked } = sampleAgentOptions();
    const onError = (error: Error) => process.stderr.write(`${error.message}\n`);
    const startedMs = systemClock.nowMs();
    const store = openTurnStore({ dir: out, callId: job.callId, onError });
    const path = join(out, `${job.callId}.wav`);
    const tape = asked ? openTape({ path, originMs: startedMs, onError }) : undefined;
    await answerRoom(job, {
      stt: parts.stt,
      llm: model,
      tts: parts.agentVoice,
      instructions: INSTRUCTIONS,
      greeting: GREETING,
      apology: APOLOGY,
      phrases: parts.phrases,
      transcripts,
      startedMs,
      tape,
      ...(livekitDefaults ? {} : { levers: {} }),
      onTurn: (record, final) => {
        if (final) store.append(record);
      },
      onClose: async () => {
        await Promise.all([store.close(), tape?.close(), parts.close(), shelf.close()]);
      },
    });
  },
});
