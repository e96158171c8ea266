import type { Ending } from './ending.js';

/** How long to wait after the caller's last sound, by how likely it is that the turn is over. */
export interface EndpointingOptions {
  /** End-of-turn probability from which the wait is `sureMs`, 0 to 1. */
  sure: number;
  /** Probability up to which the wait is `doubtfulMs`, 0 to 1; between the two it is in proportion. */
  doubtful: number;
  /** The shortest wait, ms. The VAD needs 256 before it calls speech ended: less than that is that. */
  sureMs: number;
  /** The wait where the model does not believe in an end, ms; LiveKit's `maxDelay` is 2500. */
  doubtfulMs: number;
  /** The least wait where the words call for more ("I would like a table for"), ms; 0 leaves the words out of it. */
  openMs: number;
}

export const DEFAULT_ENDPOINTING: EndpointingOptions = {
  sure: 0.45,
  doubtful: 0.2,
  sureMs: 256,
  doubtfulMs: 1000,
  openMs: 1500,
};

/** What is known of a pause. */
export interface PauseEvidence {
  /** What the end-of-turn model says, 0 to 1; `undefined` where it failed. */
  probability: number | undefined;
  /** How the turn's words end; `undefined` where they are not known. */
  ending?: Ending | undefined;
}

/** How long to wait, ms since the last sound. Never longer for a higher probability; always within the options' waits. */
export function endpointWaitMs({ probability, ending }: PauseEvidence, options: EndpointingOptions): number {
  const { sure, doubtful, sureMs, doubtfulMs, openMs } = options;
  const doubt =
    probability === undefined || probability <= doubtful
      ? 1
      : probability >= sure
        ? 0
        : (sure - probability) / (sure - doubtful);
  const waitMs = sureMs + doubt * (doubtfulMs - sureMs);
  return ending === 'open' ? Math.max(waitMs, openMs) : waitMs;
}
