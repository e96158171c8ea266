import { INCOMPLETE_LAST_WORDS } from './incomplete-words.js';
import { type SentenceKind, sentenceKind } from './sentence-kind.js';

/**
 * How an utterance ends: `incomplete` if more has to follow, such as after "the" or "because"; else the kind of its last
 * sentence, or `complete`.
 */
export type UtteranceEnding = 'incomplete' | Exclude<SentenceKind, 'statement'> | 'complete';

/** Words that begin a question. A question may end with a preposition: "Where are you from?" */
export const QUESTION_WORDS: ReadonlySet<string> = new Set([
  'what',
  'which',
  'where',
  'who',
  'whom',
  'when',
  'why',
  'how',
]);
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
/** After these, "so" completes the sentence: "I think so." */
const OPINIONS = new Set(['think', 'hope', 'guess', 'believe', 'say', 'said', 'suppose']);
/** Phrases said by people who are about to continue. */
const STALLING =
  /(?:^|\s)(?:let me (?:see|think|check|look)|tell me|i mean|you know|hold on|hang on|how do i (?:say|put) (?:it|this)|what (?:was|is) it)$/;

const plainWords = (text: string): string[] =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[’ʼ]/g, "'")
    .split(/[^\p{L}\p{M}\p{N}']+/u)
    .filter((word) => word !== '');

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
  if (last === 'so') return OPINIONS.has(before) ? 'complete' : 'incomplete';
  if (last === 'in' || last === 'on')
    return PHRASAL.test(before) || asked === start ? 'complete' : 'incomplete';
  if (last === 'to') return TO_SOMEONE.has(before) && asked === start ? 'complete' : 'incomplete';
  if (last === 'by' && BY_ITSELF.has(before)) return 'complete';
  if (open.prepositions.has(last)) return asked === start ? 'complete' : 'incomplete';
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
  const words = plainWords(text);
  if (words.length === 0) return 'complete';
  const base = (language || 'en').toLowerCase().split('-')[0]!;
  if (hasToFollow(words, base)) return 'incomplete';
  const kind = sentenceKind(text, base);
  return kind === 'statement' ? 'complete' : kind;
}
