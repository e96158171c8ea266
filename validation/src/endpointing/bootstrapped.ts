import { type BootstrapOptions, type Interval, intervalOf } from '@firstword/turn/statistics';

/** A figure with its 95 % bootstrap interval. */
export interface BootstrappedFigure {
  value: number;
  interval?: Interval;
}

/**
 * The figure of some items; items with the same key are drawn together. Without an interval if some draws have no such figure, as when
 * they contain no pause.
 */
export function bootstrapped<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  statistic: (drawn: readonly Item[]) => number,
  options?: BootstrapOptions,
): BootstrappedFigure {
  const interval = intervalOf(items, keyOf, statistic, options);
  const isKnown = interval && Number.isFinite(interval.low) && Number.isFinite(interval.high);
  return { value: statistic(items), ...(isKnown ? { interval } : {}) };
}

/** Such as `527 (460–599)`; `–` if there is no figure. */
export function figureText({ value, interval }: BootstrappedFigure, show: (value: number) => string): string {
  if (!Number.isFinite(value)) return '–';
  return interval ? `${show(value)} (${show(interval.low)}–${show(interval.high)})` : show(value);
}
