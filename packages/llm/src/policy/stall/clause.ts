/**
 * Marks that end a clause when white space follows, and those of scripts that write none after them. At the end of the
 * text one is taken to: the voice begins to make the clause then (`ClauseCutter.foreseen`). After a figure it is not.
 */
const SPACED = /[.?!,;:…][)"'”’\]]*\s|(?<!\p{N})[.?!,;:…][)"'”’\]]*$/u;
const UNSPACED = /[।॥。！？，；：、؟،]/u;

/** A voice that has this many characters has enough to speak, clause or not. */
const ENOUGH_CHARACTERS = 80;

/** Whether the text so far holds a clause that a voice could begin with. Until then nobody can have heard any of it. */
export function hasClause(text: string): boolean {
  return text.length >= ENOUGH_CHARACTERS || SPACED.test(text) || UNSPACED.test(text);
}
