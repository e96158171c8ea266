/** Abbreviations that never end a sentence: another word always follows. */
const NEVER_LAST = new Set(
  (
    'dr mr mrs ms mx prof rev hon gen col capt lt sgt gov pres messrs mt vs cf approx fig e.g i.e ' +
    'z.b d.h u.a o.ä bzw ca evtl ggf inkl zzgl hr fr frl tel mme mlle sig dott sra srta ud uds'
  ).split(' '),
);

/** Abbreviations that may end a sentence; the next word decides. */
const MAYBE_LAST = new Set(
  (
    'etc inc ltd co corp bros sr jr st ave blvd rd dept est ext apt no nos nr art vol pp sec min max ' +
    'jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri usw str abs'
  ).split(' '),
);

/** Before a name they continue the sentence ("at St. Mary's"); as "street" they may end it ("on Main St. Then"). */
const BEFORE_NAME = new Set('St ST Ste Sta Sto Ft'.split(' '));

/** English words that begin sentences and are not names. */
const OPENERS = new Set(
  (
    'I We You He She It They The This That These Those There Here Then Now So But And Or If When What Where Who How ' +
    'Why Which Would Will Could Can Do Does Did Is Are Was Were Have Has Had Shall Should May Might Please Thank ' +
    'Thanks Yes No Not Sure Our Your My His Her Their Its At In On For From To After Before Once Let Just Also A An As'
  ).split(' '),
);

/** A German ordinal ("am 3. Mai"): a number after a word that is not followed by a number at the end of a sentence. */
const BEFORE_ORDINAL = /(?<!\S)(?:am|vom|zum|beim|im|ab|bis|seit|der|dem|den|des|das|die|jeden)\s+\d{1,2}$/iu;

/** A stop is classified by at most so many characters before it: the time must not grow with the text. */
const LOOK_BACK = 32;

/**
 * What a full stop means for the sentence. `unsure`: the sentence ends if the next word begins with a capital.
 * `before a name`: the sentence ends if the next word commonly begins sentences.
 */
export type StopKind = 'ends' | 'continues' | 'unsure' | 'before a name';

/** Classifies the single full stop at `text[at]` by the text before it. */
export function classifyStop(text: string, at: number): StopKind {
  const before = text.slice(Math.max(0, at - LOOK_BACK), at);
  const isFirstWord = at <= LOOK_BACK || text.slice(0, at - LOOK_BACK).trim() === '';
  if (isFirstWord && /^\s*(?:\d{1,3}|\p{L})$/u.test(before)) return 'continues'; // "1." begins a list item
  if (BEFORE_ORDINAL.test(before)) return 'continues';
  const word = /[\p{L}\p{M}\p{N}.]+$/u.exec(before)?.[0] ?? '';
  if (BEFORE_NAME.has(word)) return 'before a name';
  const plain = word.toLowerCase();
  if (NEVER_LAST.has(plain)) return 'continues';
  if (/^\p{Lu}$/u.test(word) && word !== 'I') return 'continues'; // an initial: "J. Smith"
  if (/^\d{1,2}$/u.test(word) || MAYBE_LAST.has(plain) || /^\p{L}(?:\.\p{L})+$/u.test(word)) return 'unsure';
  return 'ends';
}

/**
 * Whether a text begins with a word that commonly begins sentences; `undefined` while that word may still be
 * incomplete.
 */
export function opensSentence(text: string, { ended }: { ended: boolean }): boolean | undefined {
  const [start, word] = /^[^\p{L}\p{N}]*(\p{L}*)/u.exec(text)!;
  if (start.length === text.length && !ended) return undefined;
  return OPENERS.has(word!);
}
