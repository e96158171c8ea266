/**
 * Longest text rendered at once, in characters: about 30 words, 150 ms of work. It limits the delay of the first audio
 * of a long text, and the work left after an abort.
 */
const LONGEST_PIECE = 160;
/** No English word is longer, and flite's time grows with the square of a word's length (5 000 letters: 22 s). */
const LONGEST_WORD = 32;

/** Marks with an ASCII equivalent. flite only knows ASCII. */
const PLAIN: [RegExp, string][] = [
  [/[‘’‚′]/gu, "'"],
  [/[“”„″«»]/gu, '"'],
  [/[–—―]/gu, ', '],
  [/[।。！？]/gu, '. '],
];

/**
 * Prepares text for flite, in pieces that end where a speaker would pause. Untrusted text is safe: accents are removed,
 * and what cannot be spoken (control characters, emoji, other scripts) becomes a space. Returns no pieces if nothing can
 * be spoken.
 */
export function speakablePieces(text: string): string[] {
  return sentences(plain(text))
    .flatMap(shortened)
    .filter((piece) => /[a-z0-9]/iu.test(piece));
}

function plain(text: string): string {
  const ascii = PLAIN.reduce((result, [marks, equal]) => result.replace(marks, equal), text)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^ -~]+/gu, ' ')
    // flite reads these out by name, or they confuse the sentence splitter.
    .replace(/[<>{}[\]\\^_`|~*]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return ascii.replace(new RegExp(`[^ ]{${LONGEST_WORD}}(?=[^ ])`, 'gu'), '$& ');
}

function sentences(text: string): string[] {
  return text.split(/(?<=[.!?]["')]*) /u);
}

function shortened(sentence: string): string[] {
  const pieces: string[] = [];
  let rest = sentence;
  while (rest.length > LONGEST_PIECE) {
    const reach = rest.slice(0, LONGEST_PIECE);
    const clause = Math.max(...[', ', '; ', ': '].map((mark) => reach.lastIndexOf(mark)));
    const end = clause > 0 ? clause + 1 : reach.lastIndexOf(' ');
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end + 1);
  }
  return [...pieces, rest];
}
