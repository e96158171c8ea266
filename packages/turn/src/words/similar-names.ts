import { distance } from 'fastest-levenshtein';
import { FirstwordError } from '../errors.js';

/** A name with more edits per letter than this is not similar. */
const MAX_APART = 0.5;
/** The share of edits that a part of a name counts as: `cached` for `cached-prefix`. */
const PART_APART = 0.3;
/** Shorter texts are a part of many names. */
const MIN_PART_LETTERS = 3;

/** Edits per letter from `wanted` to `name`. Case and the owner in front of a slash are ignored. */
function apartOf(wanted: string, name: string): number {
  const short = (text: string) => text.toLowerCase().split('/').at(-1)!;
  const [from, to] = [short(wanted), short(name)];
  const apart = distance(from, to) / Math.max(from.length, 1);
  return from.length >= MIN_PART_LETTERS && to.includes(from) ? Math.min(apart, PART_APART) : apart;
}

/** A longer text is no name. The time of a comparison grows with the square of the length. */
const MAX_LETTERS = 200;

/** Up to three of `names` that are similar to `wanted`, nearest first. */
export function similarNames(wanted: string, names: readonly string[]): string[] {
  if (wanted.length > MAX_LETTERS) return [];
  return [...new Set(names)]
    .filter((name) => name.length <= MAX_LETTERS)
    .map((name) => ({ name, apart: apartOf(wanted, name) }))
    .sort((a, b) => a.apart - b.apart)
    .filter(({ apart }) => apart <= MAX_APART)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** ` Did you mean groq or grok?`, with a space in front; empty where no name is similar. */
export function didYouMean(wanted: string, names: readonly string[]): string {
  const similar = similarNames(wanted, names);
  return similar.length > 0 ? ` Did you mean ${similar.join(' or ')}?` : '';
}

/**
 * The error for a name that does not exist: it suggests similar ones and lists the choices.
 * @param what what the name is of, such as `rule`
 * @param list the choices as text, on the same line; for a list of its own begin it with a line feed
 */
export function unknownName(
  what: string,
  wanted: string,
  names: readonly string[],
  list: string = names.join(', '),
): FirstwordError {
  const separator = list.startsWith('\n') ? '' : ' ';
  return new FirstwordError(
    'bad_input',
    `There is no ${what} "${wanted}".${didYouMean(wanted, names)} Choose one of:${separator}${list}`,
  );
}
