import { join } from 'node:path';
import { PhraseCache } from '@firstword/livekit';
import { fliteTts, moonshineStt } from '@firstword/local';
import type { SpeechToText, TextToSpeech } from '@firstword/turn';
import { cacheDir } from '@firstword/turn/store';

/** The embedded STT and TTS engines: one voice for the agent, another for the caller of the sample call. */
export interface SpeechEngines {
  stt: SpeechToText;
  agentTts: TextToSpeech;
  callerTts: TextToSpeech;
  /** Cached audio of the agent's fixed phrases. */
  phrases: PhraseCache;
  /** Stops the engines. */
  close(): Promise<void>;
}

const AGENT_VOICE = 'slt';
const CALLER_VOICE = 'rms';

/**
 * Loads the engines; resolves when all of them are ready. FIRSTWORD_STT_MODEL_DIR overrides the folder of the
 * speech-to-text model, which is inside the npm package by default.
 * @throws FirstwordError when a model cannot be loaded, or `aborted`
 */
export async function openSpeechEngines(options: { signal?: AbortSignal } = {}): Promise<SpeechEngines> {
  const modelDir = process.env.FIRSTWORD_STT_MODEL_DIR;
  const stt = moonshineStt(modelDir ? { modelDir } : {});
  const agentTts = fliteTts({ voice: AGENT_VOICE });
  const callerTts = fliteTts({ voice: CALLER_VOICE });
  const phrases = new PhraseCache({ dir: join(cacheDir(), 'phrases') });
  const close = async () => {
    await Promise.all([stt.close(), agentTts.close(), callerTts.close()]);
  };
  try {
    await Promise.all([stt.ready(options), agentTts.ready(options), callerTts.ready(options)]);
  } catch (error) {
    await close();
    throw error;
  }
  return { stt, agentTts, callerTts, phrases, close };
}
