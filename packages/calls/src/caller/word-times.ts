/** A word of a line, and when it is said, ms from the line's first sample. */
export interface ScriptWord {
  text: string;
  startMs: number;
  endMs: number;
}

/** The words of a text spread over the time it is spoken in, by their lengths; a word counts a letter more than it has. */
export function wordTimes(text: string, span: { startMs: number; endMs: number }): ScriptWord[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const letters = words.reduce((sum, word) => sum + word.length + 1, 0);
  const letterMs = letters === 0 ? 0 : (span.endMs - span.startMs) / letters;
  let atMs = span.startMs;
  return words.map((word) => {
    const startMs = atMs;
    atMs += (word.length + 1) * letterMs;
    return { text: word, startMs, endMs: atMs };
  });
}
