/** One sentence without a pause: an engine may send a final transcript at each pause. */
export const DEFAULT_LINE = 'I would like a table for four on Friday at seven.';
