import { baseLanguage } from '../words/languages.js';
import { INCOMPLETE_LAST_WORDS } from './incomplete-words.js';
import { type SentenceKind, sentenceKind, spokenText } from './sentence-kind.js';
import { OPENING_WORDS, QUESTION_WORDS } from './sentence-words.js';

/**
 * How an utterance ends: `incomplete` if more has to follow, such as after "the" or "because"; else the kind of its last
 * sentence, or `complete`. `answered` if it is all that the agent has asked for (`answerState`, never `utteranceEnding`).
 */
export type UtteranceEnding = 'incomplete' | Exclude<SentenceKind, 'statement'> | 'answered' | 'complete';

/** Verbs and contractions that need a complement. They end a sentence only in short answers and embedded questions. */
const LINKS = new Set(['is', 'are', 'was', 'were', 'am', "i'm", "it's", "that's", "there's", 'be']);
const PRONOUNS = new Set([
  'i',
  'you',
  'he',
  'she',
  'it',
  'we',
  'they',
  'this',
  'that',
  'these',
  'those',
  'there',
]);
/** After these, "in" and "on" are part of the verb: "Please come in." */
const PHRASAL =
  /^(?:log|sign|check|come|go|move|fill|drop|turn|switch|put|try|hold|carry|bring|let|get|keep|later|early)(?:s|ged|ed|ing)?$/;
/** After these, a question may end in "to": "Who should I talk to?" */
const TO_SOMEONE = new Set(['talk', 'speak', 'write', 'go', 'get', 'belong', 'listen', 'send', 'drive']);
/** After these, "by" is not a preposition. STT engines also write "good by" for "goodbye". */
const BY_ITSELF = new Set(['good', 'close', 'near', 'stand', 'stop', 'drop', 'come', 'pass', 'swing']);
/** Words after which a clause may leave out its object: "anything else I can help you with". */
const RELATIVE = new Set(
  'anything something nothing everything anyone someone everyone anybody somebody else number name address'.split(
    ' ',
  ),
);
const SUBJECTS = /^(?:i|you|he|she|it|we|they)(?:'(?:m|re|s|ve|d|ll))?$/;
/** Phrases said by people who are about to continue. */
const STALLING =
  /(?:^|\s)(?:let me (?:see|think|check|look)|tell me|i mean|hold on|hang on|how do i (?:say|put) (?:it|this)|what (?:was|is) it)$/;

const HAS_WORDS = /[\p{L}\p{M}\p{N}']/u;
const wordsIn = (text: string): string[] => text.split(/[^\p{L}\p{M}\p{N}']+/u).filter((word) => word !== '');

/**
 * Whether a preposition at the end has its noun before it: in a question ("Where are you calling from?"), and after a relative
 * clause without a pronoun ("Is there anything else I can help you with?").
 */
function isStranded(words: readonly string[], start: number): boolean {
  const asked = words.findIndex((word) => QUESTION_WORDS.has(word));
  // "Okay, and where …" is as much a question as "Where …".
  if (asked >= 0 && words.slice(0, asked).every((word, i) => i < start || OPENING_WORDS.has(word)))
    return true;
  const subject = words.findIndex((word, i) => i > 0 && SUBJECTS.test(word) && RELATIVE.has(words[i - 1]!));
  // A verb at least stands between the subject and the preposition.
  return subject >= 0 && words.length - subject > 2;
}

function englishEnding(words: readonly string[]): 'incomplete' | 'complete' {
  const last = words.at(-1)!;
  const before = words.at(-2) ?? '';
  const open = INCOMPLETE_LAST_WORDS.en!;
  // "And how expensive …" is as much a question as "How expensive …".
  const start = open.joining.has(words[0]!) ? 1 : 0;
  const asked = words.findIndex((word, i) => i >= start && QUESTION_WORDS.has(word));
  if (STALLING.test(words.join(' '))) return 'incomplete';
  if (last === 'there' && LINKS.has(before)) return words.length - start === 2 ? 'incomplete' : 'complete';
  if (LINKS.has(last)) return PRONOUNS.has(before) || asked > start ? 'complete' : 'incomplete';
  if (last === 'in' || last === 'on')
    return PHRASAL.test(before) || isStranded(words, start) ? 'complete' : 'incomplete';
  if (last === 'to') return TO_SOMEONE.has(before) && isStranded(words, start) ? 'complete' : 'incomplete';
  if (last === 'by' && BY_ITSELF.has(before)) return 'complete';
  if (open.prepositions.has(last)) return isStranded(words, start) ? 'complete' : 'incomplete';
  return open.joining.has(last) || open.leading.has(last) ? 'incomplete' : 'complete';
}

function hasToFollow(words: readonly string[], base: string): boolean {
  if (base === 'en') return englishEnding(words) === 'incomplete';
  const open = Object.hasOwn(INCOMPLETE_LAST_WORDS, base) ? INCOMPLETE_LAST_WORDS[base] : undefined;
  const all = open && [open.joining, open.leading, open.prepositions];
  return all?.some((set) => set.has(words.at(-1)!)) ?? false;
}

/**
 * How the words of a turn end. Whether more has to follow is judged without punctuation, because STT engines put a full stop
 * after any words: in English by several rules; in German, Spanish, French and Hindi by the last word. In other languages only
 * the punctuation counts.
 *
 * @param language language tag such as `en` or `hi-IN`; default English
 */
export function utteranceEnding(text: string, language?: string): UtteranceEnding {
  const spoken = spokenText(text);
  if (!HAS_WORDS.test(spoken.all)) return 'complete';
  const base = baseLanguage(language) ?? 'en';
  const judged = base === 'en' ? spoken.lastSentence : spoken.all;
  if (hasToFollow(wordsIn(judged), base)) return 'incomplete';
  const kind = sentenceKind(spoken, base);
  return kind === 'statement' ? 'complete' : kind;
}
