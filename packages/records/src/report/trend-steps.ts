/** What a step of a trend is. Steps begin at midnight, or on the first of the month, UTC. */
export type TrendUnit = 'hour' | 'day' | 'month';

const HOUR_MS = 3_600_000;

/** The start of the step that contains a wall time, Unix ms. */
export function stepStart(ms: number, unit: TrendUnit): number {
  if (unit !== 'month') {
    const stepMs = unit === 'hour' ? HOUR_MS : 24 * HOUR_MS;
    return Math.floor(ms / stepMs) * stepMs;
  }
  const date = new Date(ms);
  date.setUTCDate(1);
  return date.setUTCHours(0, 0, 0, 0);
}

/** A step's start, RFC 3339 without fractions of a second. */
export const stepText = (startMs: number): string => `${new Date(startMs).toISOString().slice(0, 19)}Z`;
