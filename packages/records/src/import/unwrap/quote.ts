import type { Unwrapped } from './unwrapped.js';

/** `> text`: a quotation in Markdown or mail. */
export const quote = (line: string): Unwrapped | undefined =>
  line.startsWith('> ') ? { text: line.slice(2) } : undefined;
