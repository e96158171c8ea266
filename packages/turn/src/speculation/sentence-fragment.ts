import { QUESTION_WORDS } from '../endpointing/sentence-words.js';
import { baseLanguage } from '../words/languages.js';
import { wordsOf } from '../words/same-words.js';

const QUESTION = [...QUESTION_WORDS].join('|');
const OPENERS =
  'and|or|but|then|well|oh|okay|ok|alright|right|sure|great|yes|yeah|no|sorry|wait|hello|hi|hey';
const ASKING = 'can|could|would|will|shall|should|do|does|did|may';
const SUBJECTS = 'i|you|he|she|it|we|they|there';

/** The beginning of a sentence without its rest: "And then", "Where", "What time", "Could you", "And where can I". */
const FRAGMENT = new RegExp(
  `^(?:(?:${OPENERS}) )*(?:then|well|oh|wait|(?:${QUESTION})(?: (?:time|day|kind|sort))?|(?:(?:${QUESTION})(?: \\p{L}+)? )?(?:${ASKING})(?: (?:${SUBJECTS}))?)$`,
  'u',
);
const OPENING = new RegExp(`^(?:${OPENERS})(?: (?:${OPENERS}))*$`, 'u');

const isEnglish = (language: string | undefined) => (baseLanguage(language) ?? 'en') === 'en';
const wordsIn = (text: string) => wordsOf(text, { language: 'en' }).join(' ');

/**
 * Whether words are probably only the beginning of a sentence, so that a speculation on them would be wasted. Unlike for
 * `utteranceEnding`, which lengthens the wait, an error here costs little ("What time?" can be a whole question): the
 * answer then starts with the final transcript. False for languages other than English.
 *
 * @param language language tag such as `en` or `hi-IN`; default English
 */
export function isSentenceFragment(text: string, language?: string): boolean {
  return isEnglish(language) && FRAGMENT.test(wordsIn(text));
}

/**
 * Whether all words are ones that begin sentences but may also be the whole utterance: "No", "Okay", "No, sorry",
 * "Hello". False for languages other than English.
 *
 * @param language language tag such as `en` or `hi-IN`; default English
 */
export function isOpeningPhrase(text: string, language?: string): boolean {
  return isEnglish(language) && OPENING.test(wordsIn(text));
}
