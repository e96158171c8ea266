/** A line without what a log collector put around it. */
export interface Unwrapped {
  text: string;
  /** When it was written, as the collector notes it; Unix ms. */
  atMs?: number | undefined;
  /** The container, pod or unit that wrote it. */
  source?: string | undefined;
  /** The rest of the text follows in the next line of the same source. */
  isPartial?: boolean;
}

/** Takes one layer off a line. @returns `undefined` where the line has no such layer */
export type Unwrap = (line: string) => Unwrapped | undefined;

/** A wall time of a collector, Unix ms; `undefined` where it is none. */
export function timeOfText(text: string | undefined): number | undefined {
  // Date.parse reads milliseconds only; collectors write nanoseconds.
  const ms = Date.parse((text ?? '').replace(/(\.\d{3})\d+/, '$1'));
  return ms >= 0 ? ms : undefined;
}
