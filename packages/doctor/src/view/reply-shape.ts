import type { ReplyShape } from '../evidence.js';

/** The scripts that are distinguished. Anything else counts as `other`. */
const SCRIPTS = [
  'Latin',
  'Devanagari',
  'Bengali',
  'Gurmukhi',
  'Gujarati',
  'Tamil',
  'Telugu',
  'Kannada',
  'Malayalam',
  'Arabic',
  'Hebrew',
  'Cyrillic',
  'Greek',
  'Thai',
  'Han',
  'Hiragana',
  'Katakana',
  'Hangul',
] as const;

const LETTER_OF = SCRIPTS.map((script) => [script, new RegExp(`\\p{Script=${script}}`, 'u')] as const);

/** A stop that LiveKit's basic sentence tokenizer knows, with something after it. */
const LIVEKIT_CUT = /[.?!]+(?=\s+\S)/g;
/** The same with the danda, the Arabic and the CJK stops, which stand without a space after them. */
const SCRIPT_CUT = /[.?!]+(?=\s+\S)|[।॥۔؟。！？]+(?=\s*\S)/g;
const MARKUP = /(\*\*|__|^#{1,6} |^\s*[-*] |`|\]\()/m;

const scriptOf = (word: string): string | undefined =>
  LETTER_OF.find(([, letter]) => letter.test(word))?.[0] ?? (/\p{L}/u.test(word) ? 'other' : undefined);

/** What an answer looks like; the words themselves are not kept. */
export function replyShapeOf(text: string): ReplyShape {
  const wordsByScript: Record<string, number> = {};
  for (const word of text.split(/\s+/)) {
    const script = scriptOf(word);
    if (script) wordsByScript[script] = (wordsByScript[script] ?? 0) + 1;
  }
  return {
    characters: [...text].length,
    wordsByScript,
    cuts: text.match(LIVEKIT_CUT)?.length ?? 0,
    cutsInScript: text.match(SCRIPT_CUT)?.length ?? 0,
    hasMarkup: MARKUP.test(text),
  };
}
