/** What stands for every value past the bound. */
export const OTHER = 'other';
/** What stands for a value that nobody told. */
export const UNKNOWN = 'unknown';

const LONGEST_CHARS = 80;

/**
 * A label's values, of which only the first so many are told apart: each one is a time series for ever, and a model's
 * name may come from a user's own server.
 */
export class BoundedLabel {
  readonly #seen = new Set<string>();
  readonly #most: number;

  /** @param most how many values are told apart before the rest are `other` */
  constructor(most = 20) {
    this.#most = most;
  }

  of(value: string | undefined): string {
    if (value === undefined || value === '') return UNKNOWN;
    const short = value.slice(0, LONGEST_CHARS);
    if (this.#seen.has(short)) return short;
    if (this.#seen.size >= this.#most) return OTHER;
    this.#seen.add(short);
    return short;
  }
}
