/** Digits three rows high, for the felt gap. */
const GLYPHS: Record<string, readonly [string, string, string]> = {
  0: ['█▀█', '█ █', '▀▀▀'],
  1: ['▀█ ', ' █ ', '▀▀▀'],
  2: ['▀▀█', '█▀▀', '▀▀▀'],
  3: ['▀▀█', ' ▀█', '▀▀▀'],
  4: ['█ █', '▀▀█', '  ▀'],
  5: ['█▀▀', '▀▀█', '▀▀▀'],
  6: ['█▀▀', '█▀█', '▀▀▀'],
  7: ['▀▀█', '  █', '  ▀'],
  8: ['█▀█', '█▀█', '▀▀▀'],
  9: ['█▀█', '▀▀█', '▀▀▀'],
};

/** A whole number, not negative, in three rows. */
export function bigNumber(value: number): [string, string, string] {
  const glyphs = [...Math.round(value).toFixed(0)].map((digit) => GLYPHS[digit]!);
  const row = (at: 0 | 1 | 2) => glyphs.map((glyph) => glyph[at]).join(' ');
  return [row(0), row(1), row(2)];
}
