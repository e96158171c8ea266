import { join } from 'node:path';
import { PhraseCache } from '@firstword/livekit';
import { fliteTts, moonshineStt } from '@firstword/local';
import type { SpeechToText, TextToSpeech } from '@firstword/turn';
import { cacheDir } from './cache-dir.js';

/** The embedded ears and mouths: the agent's, and another voice for the caller of the sample call. */
export interface VoiceParts {
  stt: SpeechToText;
  agentVoice: TextToSpeech;
  callerVoice: TextToSpeech;
  /** Audio of what the agent says in every call. */
  phrases: PhraseCache;
  close(): Promise<void>;
}

const AGENT_VOICE = 'slt';
const CALLER_VOICE = 'rms';

/**
 * Loads them; resolves when the first word can be heard and said. FIRSTWORD_STT_MODEL_DIR names a folder with the
 * speech model's files where those inside the npm package are not to be used.
 */
export async function openVoiceParts(options: { signal?: AbortSignal } = {}): Promise<VoiceParts> {
  const modelDir = process.env.FIRSTWORD_STT_MODEL_DIR;
  const stt = moonshineStt(modelDir ? { modelDir } : {});
  const agentVoice = fliteTts({ voice: AGENT_VOICE });
  const callerVoice = fliteTts({ voice: CALLER_VOICE });
  const phrases = new PhraseCache({ dir: join(cacheDir(), 'phrases') });
  const close = async () => {
    await Promise.all([stt.close(), agentVoice.close(), callerVoice.close()]);
  };
  try {
    await Promise.all([stt.ready(options), agentVoice.ready(options), callerVoice.ready(options)]);
  } catch (error) {
    await close();
    throw error;
  }
  return { stt, agentVoice, callerVoice, phrases, close };
}
