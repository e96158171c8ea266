import { endLogOdds, type PauseEvidence } from './end-odds.js';

/** How long to wait after the caller's last speech sample before the turn is committed. */
export interface EndpointingOptions {
  /**
   * Cost of taking a pause for the end of the turn, as a length of silence that is equally bad, ms; default 3000. A higher
   * value gives longer waits.
   */
  cutOffCostMs: number;
  /**
   * The shortest wait, ms; default 256. LiveKit's VAD needs 256 ms to detect the end of speech, so a smaller value has
   * no effect.
   */
  minDelayMs: number;
  /** The longest wait, ms; default 1200 (LiveKit's `maxDelay`: 2500). */
  maxDelayMs: number;
}

/** Named endpointing options: points on the curve of waits against cut-offs. */
export type EndpointingPreset = 'quick' | 'balanced' | 'careful';

/**
 * Chosen on recordings of people (docs/endpointing.md has the waits and cut-offs of each): `balanced` takes fewer pauses
 * for the end than LiveKit's delays do, `quick` more, `careful` about a third as many.
 */
export const ENDPOINTING_PRESETS: Readonly<Record<EndpointingPreset, EndpointingOptions>> = {
  quick: { cutOffCostMs: 1600, minDelayMs: 256, maxDelayMs: 1000 },
  balanced: { cutOffCostMs: 3000, minDelayMs: 256, maxDelayMs: 1200 },
  careful: { cutOffCostMs: 5200, minDelayMs: 256, maxDelayMs: 1600 },
};

/** The default endpointing options: the preset `balanced`. */
export const DEFAULT_ENDPOINTING: EndpointingOptions = ENDPOINTING_PRESETS.balanced;

/**
 * How long people pause, ms: of the pauses that have already lasted some time, a share of 1/e lasts this much longer. Fitted
 * to the pauses of 104 telephone turns and 109 spoken requests.
 */
const PAUSE_MS = 500;

/**
 * End-of-turn wait, ms since the last speech sample. After this silence, waiting longer would cost more than it saves: the
 * odds that the turn is over have then grown to `cutOffCostMs / PAUSE_MS`, because each `PAUSE_MS` of silence multiplies
 * them by e. More evidence for the end never gives a longer wait.
 */
export function endpointWaitMs(
  evidence: PauseEvidence,
  { cutOffCostMs, minDelayMs, maxDelayMs }: EndpointingOptions,
): number {
  const waitMs = Math.round(PAUSE_MS * (Math.log(cutOffCostMs / PAUSE_MS) - endLogOdds(evidence)));
  return Math.max(minDelayMs, Math.min(maxDelayMs, waitMs));
}
