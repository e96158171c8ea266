/**
 * Punctuation that ends a clause when white space follows, or at the end of the text: the TTS starts the clause then
 * (`ClauseCutter.foreseen`). Not after a digit, where it may be part of a number. `UNSPACED` is the punctuation of
 * scripts that write no space after it.
 */
const SPACED = /[.?!,;:…][)"'”’\]]*\s|(?<!\p{N})[.?!,;:…][)"'”’\]]*$/u;
const UNSPACED = /[।॥。！？，；：、؟،]/u;

/** With this many characters a TTS has enough to speak, with or without a clause. */
const ENOUGH_CHARACTERS = 80;

/** Whether the text contains a clause that a TTS can start with. Before that, nothing can have been spoken. */
export function hasClause(text: string): boolean {
  return text.length >= ENOUGH_CHARACTERS || SPACED.test(text) || UNSPACED.test(text);
}
