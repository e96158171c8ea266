import { FirstwordError } from '@firstword/turn';
import { parseRealtimeTarget } from './realtime-target.js';
import { isSpeechTarget, parseSpeechTarget } from './speech-target.js';
import { type BenchTarget, parseTarget } from './target.js';

function parsed(text: string): BenchTarget {
  if (text.startsWith('realtime:')) return parseRealtimeTarget(text);
  return isSpeechTarget(text) ? parseSpeechTarget(text) : parseTarget(text);
}

/**
 * Parses a list of targets: LLMs, speech engines and realtime models.
 * @throws FirstwordError `bad_input` for an invalid target, or one that is listed twice
 */
export function parseTargets(texts: readonly string[]): BenchTarget[] {
  const twice = texts.find((text, at) => texts.indexOf(text) !== at);
  if (twice !== undefined) throw new FirstwordError('bad_input', `${twice} is listed twice: name it once.`);
  return texts.map(parsed);
}
