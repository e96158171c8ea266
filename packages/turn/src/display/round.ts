/** From this on, figures are whole numbers. */
const WHOLE_FROM = 10;

/** Tenths below 10, whole numbers from there on. The sign of −0 is dropped. */
function rounded(value: number): number {
  const tenths = Math.round(value * 10) / 10;
  return (Math.abs(tenths) < WHOLE_FROM ? tenths : Math.round(value)) + 0;
}

/**
 * A duration as it is shown: in whole ms, below 10 ms in tenths. More digits would suggest more precision than was measured:
 * timers and the event loop vary by a few tenths of a ms from turn to turn.
 */
export const roundMs = (ms: number): number => rounded(ms);

/** A share, 0 to 1, as it is shown in per cent: whole from 10 % on, below in tenths, never `3.0`. */
export const roundPercent = (share: number): number => rounded(share * 100);
