import { baseLanguage } from '@firstword/turn';

/** What is said after speech that brought no words, by ISO 639-1 code. */
const PHRASES: Readonly<Record<string, string>> = {
  en: 'Sorry, I didn’t catch that.',
  de: 'Entschuldigung, das habe ich nicht verstanden.',
  es: 'Perdone, no le he entendido.',
  fr: 'Pardon, je n’ai pas compris.',
  hi: 'माफ़ कीजिए, मैं समझ नहीं पाई।',
  it: 'Mi scusi, non ho capito.',
  nl: 'Sorry, dat verstond ik niet.',
  pt: 'Desculpe, não entendi.',
  ja: 'すみません、聞き取れませんでした。',
  zh: '不好意思，我没有听清。',
};

/**
 * The phrase of a language.
 *
 * @param language language tag such as `en` or `hi-IN`
 * @returns `undefined` for a language without a phrase
 */
export function askAgainPhrase(language: string): string | undefined {
  const code = baseLanguage(language);
  return code && Object.hasOwn(PHRASES, code) ? PHRASES[code] : undefined;
}
