/** Letters up to eight at a time with the blank before them, or one other sign: roughly what tokenizers make of text. */
const PIECE = /\s*(?:[\p{L}\p{M}\p{N}']{1,8}|[^\s])|\s+/gu;

/** Cuts text into pieces that an answer is streamed in. Joined, they are the text again. */
export function toPieces(text: string): string[] {
  return text.match(PIECE) ?? [];
}

/** An estimate of the tokens in a text, good to a few per cent in English: the emulator has no model's tokenizer. */
export function estimateTokens(text: string): number {
  return toPieces(text).length;
}
