import { QUESTION_WORDS } from '../endpointing/ending.js';
import { wordsOf } from '../words/same-words.js';

const QUESTION = [...QUESTION_WORDS].join('|');
const OPENERS = 'and|or|but|then|well|okay|ok|yes|no|hello|hi';
const ASKING = 'can|could|would|will|shall|should|do|does|did|may';
const SUBJECTS = 'i|you|he|she|it|we|they|there';

/** What a sentence may start with before it is one: "And then", "Where", "What time", "Could you", "And where can I". */
const BEGUN = new RegExp(
  `^(?:(?:${OPENERS}) )*(?:then|(?:${QUESTION})(?: (?:time|day|kind|sort))?|(?:(?:${QUESTION})(?: \\p{L}+)? )?(?:${ASKING})(?: (?:${SUBJECTS}))?)$`,
  'u',
);

/**
 * Whether words are only the beginning of a sentence, most likely: an answer to them would be thrown away. Unlike
 * `endingOf`, which makes callers wait, this may be wrong at little cost ("What time?" can be all that is asked): such
 * an answer starts when the words are final. Knows English; of other languages it says no.
 *
 * @param language tag such as `en` or `hi-IN`; English where it is not told
 */
export function isJustBegun(text: string, language?: string): boolean {
  if (!/^en\b/i.test(language || 'en')) return false;
  return BEGUN.test(wordsOf(text, { language: 'en' }).join(' '));
}
