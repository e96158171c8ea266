/** From this on, figures are whole ms. */
const WHOLE_FROM_MS = 10;

/**
 * A duration as it is shown: in whole ms, below 10 ms in tenths. More digits would say more than is measured: timers and
 * the event loop vary by a few tenths of a ms from turn to turn. The sign of −0 is dropped.
 */
export function roundMs(ms: number): number {
  const tenths = Math.round(ms * 10) / 10;
  return (Math.abs(tenths) < WHOLE_FROM_MS ? tenths : Math.round(ms)) + 0;
}
