import { join } from 'node:path';
import { openTape } from '@firstword/calls';
import { answerRoom, defineRoomAgent } from '@firstword/livekit';
import { openTurnStore } from '@firstword/records';
import { systemClock } from '@firstword/turn';
import { LlmRegistry } from '../../llm/registry.js';
import { APOLOGY, GREETING, INSTRUCTIONS } from '../../receptionist.js';
import { openSpeechEngines } from '../../speech-engines.js';
import { sampleAgentOptions } from './sample-options.js';

/** The sample agent (the demo's restaurant) as a LiveKit agent. LiveKit runs it in one process per call. */
export default defineRoomAgent({
  prewarm: async () => {
    const { profile, seed, emulatorUrl } = sampleAgentOptions();
    const registry = new LlmRegistry({ seed, url: emulatorUrl });
    const [speech, model] = await Promise.all([
      openSpeechEngines(),
      registry.get(registry.choice(profile).name),
    ]);
    return { registry, speech, model };
  },
  answer: async (job, { registry, speech, model }) => {
    const { livekitDefaults, out, transcripts, tape: asked } = sampleAgentOptions();
    const onError = (error: Error) => process.stderr.write(`${error.message}\n`);
    const startedMs = systemClock.nowMs();
    const store = openTurnStore({ dir: out, callId: job.callId, onError });
    const path = join(out, `${job.callId}.wav`);
    const tape = asked ? openTape({ path, originMs: startedMs, onError }) : undefined;
    await answerRoom(job, {
      stt: speech.stt,
      llm: model,
      tts: speech.agentTts,
      instructions: INSTRUCTIONS,
      greeting: GREETING,
      apology: APOLOGY,
      phrases: speech.phrases,
      transcripts,
      startedMs,
      tape,
      ...(livekitDefaults ? {} : { levers: {} }),
      onTurn: (record, final) => {
        if (final) store.append(record);
      },
      onCall: (record) => store.append(record),
      onClose: async () => {
        await Promise.all([store.close(), tape?.close(), speech.close(), registry.close()]);
      },
    });
  },
});
