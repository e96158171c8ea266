import { oneOf, type Random, seededRandom } from '@firstword/turn/statistics';

/** One input in this many is long: it repeats a part up to `LONG_CHARS` characters. */
const LONG_ONE_IN = 20_000;
const LONG_CHARS = 20_000;
const MAX_PARTS = 12;

/** Characters of every kind that Unicode has rules for: surrogates, marks, joiners, directions, digits, spaces. */
const ODD = [
  '\u0000',
  '\ud83d',
  '\udc4d',
  '👍🏽',
  '\u200d',
  '\u0301',
  '\u202e',
  '\ufeff',
  '\u00ad',
  '\u0640',
  'ﷺ',
  'ﬀ',
  '²',
  '½',
  '٣',
  '४',
  '𝟗',
  '\u2028',
  '\u3000',
  '\u00a0',
  'İ',
  'ß',
  'Σ',
  '\u{10ffff}',
  'ก็',
  'กำ',
  'ー',
  '々',
  '〇',
];

/** The generator of one input: the same seed, target and number give the same one. */
export const randomOf = (seed: number, target: string, number: number): Random =>
  seededRandom(seed, target, String(number));

/** A text of the given parts, odd characters and repetitions. */
export function textOf(parts: readonly string[], random: Random): string {
  const words: string[] = [];
  // Mostly short: what is wrong with a text is nearly always wrong with a shorter one, which is read in less time.
  const count = Math.min(random.integer(0, MAX_PARTS), random.integer(0, MAX_PARTS));
  for (let i = 0; i < count; i += 1) {
    const part = random.uniform() < 0.9 ? oneOf(parts, random) : oneOf(ODD, random);
    words.push(random.uniform() < 0.02 ? part.repeat(random.integer(2, 30)) : part);
  }
  if (random.integer(1, LONG_ONE_IN) > 1) return words.join('');
  const part = `${oneOf(parts, random)}${random.uniform() < 0.5 ? oneOf(parts, random) : ''}` || 'x';
  return `${words.join('')}${part.repeat(Math.ceil(LONG_CHARS / part.length))}${words.reverse().join('')}`;
}

/** The text with some parts removed, repeated, exchanged or replaced. */
export function mutated(text: string, parts: readonly string[], random: Random): string {
  let result = text;
  for (let times = random.integer(0, 4); times > 0; times -= 1) {
    const from = random.integer(0, result.length);
    const to = Math.min(result.length, from + random.integer(0, random.uniform() < 0.8 ? 8 : 400));
    const middle = result.slice(from, to);
    const change = random.integer(0, 3);
    const put =
      change === 0
        ? ''
        : change === 1
          ? middle + middle
          : change === 2
            ? oneOf(parts, random)
            : textOf(parts, random);
    result = result.slice(0, from) + put + result.slice(to);
  }
  return result;
}
