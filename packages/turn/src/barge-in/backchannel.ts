/** Hummed sounds of any language: "mhm", "mm-hmm", "hm", "uh-huh", "aha", "ah", "oh". */
const HUMS = 'm+h?m*h?m+|h+m+|u+h? h[uea]+h|uhuh|a+h+a*|o+h+';

/** Words and phrases with which listeners show attention, by ISO 639-1 code. */
const ATTENTION: Readonly<Record<string, string>> = {
  en: 'yeah|yep|yup|yes|okay|ok|right|all right|alright|sure|i see|got it|of course|exactly|great|cool|nice|good|perfect|wow|really',
  de: 'ja|jap|okay|ok|genau|gut|klar|alles klar|aha|ach so|achso|stimmt|verstehe|super|schön',
  es: 'sí|si|vale|ya|claro|ajá|bueno|bien|okay|ok|entiendo|de acuerdo|perfecto|exacto',
  fr: "oui|ouais|d'accord|ok|okay|bien|bon|je vois|entendu|parfait|voilà|exact",
  hi: 'हाँ|हां|जी|जी हाँ|अच्छा|ठीक|ठीक है|ओके|हम्म|सही|सही है',
};

const pattern = (words: string) => new RegExp(`^(?:${words})(?: (?:${words}))*$`, 'u');
const HUMMED = pattern(HUMS);
const PATTERNS = new Map(
  Object.entries(ATTENTION).map(([language, words]) => [language, pattern(`${HUMS}|${words}`)]),
);

/**
 * Whether a caller's words only show attention, such as "mhm" or "okay, right": said while the agent speaks, they are no
 * interruption. After a question they may be its answer.
 *
 * @param options.language tag of the words, such as `en-US`; default English. In languages without a list only hums count
 */
export function isBackchannel(text: string, options: { language?: string | undefined } = {}): boolean {
  const words = text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/[^\p{L}\p{M}\p{N}']+/gu, ' ')
    .trim();
  const [language = 'en'] = (options.language || 'en').toLowerCase().split('-');
  return (PATTERNS.get(language) ?? HUMMED).test(words);
}
