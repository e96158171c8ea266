import { QUESTION_WORDS } from '../endpointing/utterance-ending.js';
import { wordsOf } from '../words/same-words.js';

const QUESTION = [...QUESTION_WORDS].join('|');
const OPENERS =
  'and|or|but|then|well|oh|okay|ok|alright|right|sure|great|yes|yeah|no|sorry|wait|hello|hi|hey';
const ASKING = 'can|could|would|will|shall|should|do|does|did|may';
const SUBJECTS = 'i|you|he|she|it|we|they|there';

/** What a sentence may start with before it is one: "And then", "Where", "What time", "Could you", "And where can I". */
const BEGUN = new RegExp(
  `^(?:(?:${OPENERS}) )*(?:then|well|oh|wait|(?:${QUESTION})(?: (?:time|day|kind|sort))?|(?:(?:${QUESTION})(?: \\p{L}+)? )?(?:${ASKING})(?: (?:${SUBJECTS}))?)$`,
  'u',
);
const OPENING = new RegExp(`^(?:${OPENERS})(?: (?:${OPENERS}))*$`, 'u');

const isEnglish = (language: string | undefined) => /^en\b/i.test(language || 'en');
const wordsIn = (text: string) => wordsOf(text, { language: 'en' }).join(' ');

/**
 * Whether words are only the beginning of a sentence, most likely: an answer to them would be thrown away. Unlike
 * `endingOf`, which makes callers wait, this may be wrong at little cost ("What time?" can be all that is asked): such
 * an answer starts when the words are final. Knows English; of other languages it says no.
 *
 * @param language tag such as `en` or `hi-IN`; English where it is not told
 */
export function isSentenceFragment(text: string, language?: string): boolean {
  return isEnglish(language) && BEGUN.test(wordsIn(text));
}

/**
 * Whether words are all of a kind that sentences open with and that may also be all there is: "No", "Okay", "No, sorry",
 * "Hello". Knows English; of other languages it says no.
 *
 * @param language tag such as `en` or `hi-IN`; English where it is not told
 */
export function isOpeningPhrase(text: string, language?: string): boolean {
  return isEnglish(language) && OPENING.test(wordsIn(text));
}
