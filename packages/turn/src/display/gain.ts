import { roundMs } from './round.js';

/** A gain is shown if it is less than this share of the length. */
const MAX_SHARE = 0.95;

/**
 * The gain of a segment, rounded as it is shown, if it is clearly less than the segment's length; otherwise `undefined`,
 * because the gain equals the length.
 */
export function shownGainMs(lengthMs: number, gainMs: number | undefined): number | undefined {
  if (gainMs === undefined || gainMs > MAX_SHARE * lengthMs || lengthMs - gainMs < 1) return undefined;
  return roundMs(gainMs);
}
