import { SENTENCE_WORDS } from './sentence-words.js';

/** What the last sentence of a turn is, as far as it says whether more follows. */
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
/** The last sentence is looked for in this many characters. */
const LOOKED_AT = 240;

/** What separates sentences. The full stops of "p.m." and "e.g." do not. */
const SENTENCE_BREAK = /(?:[?!।]|(?<!(?:^|[^\p{L}])\p{L})\.)["”’)]?\s+|[。？！؟]\s*(?=\p{L})/gu;
const ENDS_ASKED = /[?？؟]["”’)]?$/;
const ENDS_OPEN = /[,،、，]$/;

/** The last sentence of a text, as far as its punctuation divides it. */
export function lastSentence(text: string): string {
  let from = 0;
  for (const { index, 0: mark } of text.matchAll(SENTENCE_BREAK)) from = index + mark.length;
  return text.slice(from);
}

/**
 * The kind of the last sentence. Question marks count only where the words ask too: STT engines put them after a rising voice
 * ("Harper Valley, California?"). In a language without a table they count alone.
 *
 * @param base ISO 639-1 code
 */
export function sentenceKind(text: string, base: string): SentenceKind {
  const end = text.slice(-LOOKED_AT).normalize('NFC').toLowerCase().replace(/[’ʼ]/g, "'").trim();
  const sentence = lastSentence(end);
  const table = Object.hasOwn(SENTENCE_WORDS, base) ? SENTENCE_WORDS[base] : undefined;
  const isAsked = ENDS_ASKED.test(end);
  if (!table) return isAsked ? 'question' : ENDS_OPEN.test(end) ? 'list' : 'statement';
  const words = sentence.split(/[^\p{L}\p{M}\p{N}'-]+/u).filter((word) => word !== '');
  if (isAsked && asks(words, table)) return 'question';
  if (table.closing.test(words.join(' '))) return 'closing';
  if (isShort(end, table.acknowledging)) return 'acknowledgement';
  return ENDS_OPEN.test(end) ? 'list' : 'statement';
}

type Table = (typeof SENTENCE_WORDS)[string];

function asks(words: readonly string[], { asking, inverted, acknowledging }: Table): boolean {
  if (words.some((word) => asking.has(word))) return true;
  // "Okay, and do you …": what joins it to the sentence before does not count.
  const first = words.findIndex((word) => !acknowledging.has(word) && !JOINING.has(word));
  return inverted.has(words[first] ?? '');
}

const JOINING = new Set(['and', 'so', 'or', 'but', 'then', 'um', 'uh', 'sorry', 'yes', 'no']);

function isShort(text: string, acknowledging: ReadonlySet<string>): boolean {
  const words = text.split(/[^\p{L}\p{M}\p{N}'-]+/u).filter((word) => word !== '');
  return words.length > 0 && words.length <= FEW_WORDS && words.every((word) => acknowledging.has(word));
}
