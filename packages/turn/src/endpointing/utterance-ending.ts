import { INCOMPLETE_LAST_WORDS } from './incomplete-words.js';
import { lastSentence, type SentenceKind, sentenceKind } from './sentence-kind.js';

/**
 * How an utterance ends: `incomplete` if more has to follow, such as after "the" or "because"; else the kind of its last
 * sentence, or `complete`. `answered` if it is all that the agent has asked for (`answerState`, never `utteranceEnding`).
 */
export type UtteranceEnding = 'incomplete' | Exclude<SentenceKind, 'statement'> | 'answered' | 'complete';

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
/** Words before a question that are no part of it. */
const OPENINGS = new Set(
  'okay ok so well great alright right sure perfect and but um uh oh yes no sorry then now'.split(' '),
);
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

const plainWords = (text: string): string[] =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[’ʼ]/g, "'")
    .split(/[^\p{L}\p{M}\p{N}']+/u)
    .filter((word) => word !== '');

/**
 * Whether a preposition at the end has its noun before it: in a question ("Where are you calling from?"), and after a relative
 * clause without a pronoun ("Is there anything else I can help you with?").
 */
function isStranded(words: readonly string[], start: number): boolean {
  const asked = words.findIndex((word) => QUESTION_WORDS.has(word));
  // "Okay, and where …" is as much a question as "Where …".
  if (asked >= 0 && words.slice(0, asked).every((word, i) => i < start || OPENINGS.has(word))) return true;
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
  const words = plainWords(text);
  if (words.length === 0) return 'complete';
  const base = (language || 'en').toLowerCase().split('-')[0]!;
  if (hasToFollow(base === 'en' ? plainWords(lastSentence(text)) : words, base)) return 'incomplete';
  const kind = sentenceKind(text, base);
  return kind === 'statement' ? 'complete' : kind;
}
