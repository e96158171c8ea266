import { lowerCase } from './lower-case.js';
import { OPENING_WORDS, SENTENCE_WORDS } from './sentence-words.js';

/** The kind of the last sentence of a turn, as evidence for whether more follows. */
export type SentenceKind =
  /** A question: people wait for its answer. */
  | 'question'
  /** Thanks or a farewell. */
  | 'closing'
  /** Nothing but "okay", "all right", "hello": people often go on. */
  | 'acknowledgement'
  /** It ends with a comma: people go on. */
  | 'list'
  | 'statement';

/** Words of an acknowledgement at most. */
const FEW_WORDS = 3;
/** Only so many characters at the end of the last sentence are looked at. */
const LOOKED_AT = 240;

/** What separates sentences. The full stops of "p.m." and "e.g." do not. */
const SENTENCE_BREAK = /(?:[?!।]|(?<!(?:^|[^\p{L}])\p{L})\.)["”’)]?\s+|[。？！؟]\s*(?=\p{L})/gu;
const ENDS_ASKED = /[?？؟]["”’)]?$/;
const ENDS_OPEN = /[,،、，]$/;

/** A turn's words so far, in lower case. */
export interface SpokenText {
  all: string;
  /** The last sentence, as far as punctuation divides it. */
  lastSentence: string;
}

/** Reads a transcript for `sentenceKind`. */
export function spokenText(text: string): SpokenText {
  const all = lowerCase(text).trim();
  let from = 0;
  for (const { index, 0: mark } of all.matchAll(SENTENCE_BREAK)) from = index + mark.length;
  return { all, lastSentence: all.slice(from) };
}

/**
 * The kind of the last sentence. Question marks count only where the words ask too: STT engines put them after a rising voice
 * ("Harper Valley, California?"). In a language without a table they count alone.
 *
 * @param base ISO 639-1 code
 */
export function sentenceKind({ all, lastSentence }: SpokenText, base: string): SentenceKind {
  const sentence = lastSentence.slice(-LOOKED_AT);
  const table = Object.hasOwn(SENTENCE_WORDS, base) ? SENTENCE_WORDS[base] : undefined;
  const isAsked = ENDS_ASKED.test(sentence);
  const elseKind = ENDS_OPEN.test(sentence) ? 'list' : 'statement';
  if (!table) return isAsked ? 'question' : elseKind;
  const words = wordsIn(sentence);
  if (isAsked && asks(words, table)) return 'question';
  if (table.closing.test(words.join(' '))) return 'closing';
  return isShort(wordsIn(all), table) ? 'acknowledgement' : elseKind;
}

const wordsIn = (text: string): string[] =>
  text.split(/[^\p{L}\p{M}\p{N}'-]+/u).filter((word) => word !== '');

type Table = (typeof SENTENCE_WORDS)[string];

function asks(words: readonly string[], { asking, inverted, acknowledging }: Table): boolean {
  if (words.some((word) => asking.has(word))) return true;
  // "Okay, and do you …": what joins it to the sentence before does not count.
  const first = words.findIndex((word) => !acknowledging.has(word) && !OPENING_WORDS.has(word));
  return inverted.has(words[first] ?? '');
}

function isShort(words: readonly string[], { acknowledging }: Table): boolean {
  return words.length > 0 && words.length <= FEW_WORDS && words.every((word) => acknowledging.has(word));
}
