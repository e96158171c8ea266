/** A least-squares line through points. */
export interface FittedLine {
  slope: number;
  intercept: number;
  /** Pearson's correlation, −1 to 1. */
  r: number;
}

/** The least-squares line through points. @returns `undefined` for fewer than three, or where nothing varies */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): FittedLine | undefined {
  const n = points.length;
  if (n < 3) return undefined;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const [x, y] of points) {
    xx += (x - meanX) ** 2;
    xy += (x - meanX) * (y - meanY);
    yy += (y - meanY) ** 2;
  }
  if (xx === 0 || yy === 0) return undefined;
  const slope = xy / xx;
  return { slope, intercept: meanY - slope * meanX, r: xy / Math.sqrt(xx * yy) };
}
