/** The label value for everything above the bound. */
export const OTHER = 'other';
/** The label value for an unknown value. */
export const UNKNOWN = 'unknown';

const LONGEST_CHARS = 80;

/**
 * A label with a bounded number of values. Each value is a time series that is never removed, and a model's
 * name may come from a user's own server.
 */
export class BoundedLabel {
  readonly #seen = new Set<string>();
  readonly #most: number;

  /** @param most how many values are kept distinct before the rest become `other`; 20 by default */
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
