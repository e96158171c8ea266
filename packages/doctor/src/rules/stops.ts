import type { Evidence, EvidenceTurn } from '../evidence.js';

/** A stop of the agent at a sound of the caller. Times in ms. */
export interface Stop {
  turn: EvidenceTurn;
  /** From the caller's first sample to the agent's last audible one. */
  stopMs: number;
  isFalse: boolean;
  /** Until speech went on after a false stop; `undefined` if it did not. */
  silentMs: number | undefined;
}

/** The stops of all turns. */
export function stopsOf({ turns }: Evidence): Stop[] {
  return turns.flatMap((turn) =>
    (turn.interruptions ?? []).flatMap(({ callerFromMs, stoppedMs, isFalse = false, resumedMs }) => {
      if (stoppedMs === undefined || stoppedMs < callerFromMs) return [];
      const silentMs = isFalse && resumedMs !== undefined ? resumedMs - stoppedMs : undefined;
      return [{ turn, stopMs: stoppedMs - callerFromMs, isFalse, silentMs }];
    }),
  );
}
