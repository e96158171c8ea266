/** Up to eight letters with the space before them, or one other character: roughly what tokenizers produce. */
const PIECE = /\s*(?:[\p{L}\p{M}\p{N}']{1,8}|[^\s])|\s+/gu;

/** Splits a text into token-sized pieces for streaming. Joined, they give the text again. */
export function toPieces(text: string): string[] {
  return text.match(PIECE) ?? [];
}

/** Estimates the token count of a text, accurate to a few per cent in English. */
export function estimateTokens(text: string): number {
  return toPieces(text).length;
}
