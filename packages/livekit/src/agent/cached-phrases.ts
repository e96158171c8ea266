import type { TextToSpeech } from '@firstword/turn';
import type { tts } from '@livekit/agents';
import type { FirstwordOptions } from '../session/firstword-options.js';
import type { PhraseCache } from '../tts/phrase-cache.js';

/** The agent's fixed phrases (greeting and apology) with their cache, as an option of `lowLatency`. */
export function cachedPhrases(agent: {
  tts: TextToSpeech | tts.TTS;
  phrases?: PhraseCache;
  greeting?: string;
  apology?: string;
}): Pick<FirstwordOptions, 'phrases'> {
  const { phrases: cache, greeting, apology, tts } = agent;
  const texts = [greeting, apology].filter((text) => text !== undefined);
  // LiveKit's TTSs do not show their voice: another voice's audio would be said.
  return cache && 'voice' in tts ? { phrases: { cache, texts, voice: tts.voice } } : {};
}
