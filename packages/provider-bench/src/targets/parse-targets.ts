import { FirstwordError } from '@firstword/turn';
import { checkOneSort, isSpeechTarget, parseSpeechTarget } from './speech-target.js';
import { type BenchTarget, parseTarget } from './target.js';

/**
 * Parses a list of targets: all of them LLMs, or all of them speech engines.
 * @throws FirstwordError `bad_input` for an invalid target, one that is listed twice, or a mixed list
 */
export function parseTargets(texts: readonly string[]): BenchTarget[] {
  const twice = texts.find((text, at) => texts.indexOf(text) !== at);
  if (twice !== undefined) throw new FirstwordError('bad_input', `${twice} is listed twice: name it once.`);
  checkOneSort(texts);
  return texts.map((text) => (isSpeechTarget(text) ? parseSpeechTarget(text) : parseTarget(text)));
}
