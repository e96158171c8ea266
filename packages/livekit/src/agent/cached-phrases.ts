import type { TextToSpeech } from '@firstword/turn';
import type { LowLatencyParts } from '../session/low-latency.js';
import type { PhraseCache } from '../tts/phrase-cache.js';

/** What an agent is known to say, and where its audio is kept. */
export function cachedPhrases(agent: {
  tts: TextToSpeech;
  phrases?: PhraseCache;
  greeting?: string;
  apology?: string;
}): Pick<LowLatencyParts, 'phrases'> {
  const { phrases: cache, greeting, apology, tts } = agent;
  const texts = [greeting, apology].filter((text) => text !== undefined);
  return cache ? { phrases: { cache, texts, voice: tts.voice } } : {};
}
