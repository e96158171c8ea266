/** A linear scale from values to SVG coordinates, with round tick values. */
export interface Scale {
  (value: number): number;
  ticks: number[];
}

/** The step, 1, 2 or 5 times a power of ten, that gives at most this many ticks. */
function stepFor(range: number, most: number): number {
  const rough = range / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
}

/** @param values values that the scale must contain; it begins and ends at a tick */
export function scaleOf(
  values: readonly number[],
  place: { from: number; to: number; ticks: number },
): Scale {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const step = stepFor(Math.max(most - least, 1), place.ticks);
  const first = Math.floor(least / step) * step;
  const last = Math.max(Math.ceil(most / step) * step, first + step);
  const at = (value: number) => place.from + ((value - first) / (last - first)) * (place.to - place.from);
  const count = Math.round((last - first) / step);
  return Object.assign(at, { ticks: Array.from({ length: count + 1 }, (_, i) => first + i * step) });
}

/** A coordinate rounded to a tenth. */
export const px = (value: number) => Math.round(value * 10) / 10;
