import type { TextToSpeech } from '@firstword/turn';
import type { FirstwordOptions } from '../session/firstword-options.js';
import type { PhraseCache } from '../tts/phrase-cache.js';

/** The agent's fixed phrases (greeting and apology) with their cache, as an option of `lowLatency`. */
export function cachedPhrases(agent: {
  tts: TextToSpeech;
  phrases?: PhraseCache;
  greeting?: string;
  apology?: string;
}): Pick<FirstwordOptions, 'phrases'> {
  const { phrases: cache, greeting, apology, tts } = agent;
  const texts = [greeting, apology].filter((text) => text !== undefined);
  return cache ? { phrases: { cache, texts, voice: tts.voice } } : {};
}
