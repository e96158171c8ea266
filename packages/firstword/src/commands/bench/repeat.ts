import { pause } from '@firstword/provider-bench';
import { type Clock, FirstwordError, isFirstwordError, systemClock } from '@firstword/turn';

/** Whether the next run may succeed: true for network and disk errors, false for invalid usage. */
const isTransient = (error: unknown) => isFirstwordError(error) && error.code !== 'bad_input';

/**
 * Repeats a run, with starts `everyMs` apart; if a run takes longer, the next one starts immediately. A run that fails is
 * reported and the next one starts, unless the failure would occur every time.
 * @throws FirstwordError `bad_input` with `out`, because each run would overwrite the previous one
 */
export async function runRepeatedly(
  once: () => Promise<void>,
  options: {
    everyMs: number;
    /** Number of runs; unlimited by default. */
    times?: number | undefined;
    out?: string | undefined;
    signal: AbortSignal;
    clock?: Clock;
  },
): Promise<void> {
  const { everyMs, times = Number.POSITIVE_INFINITY, signal, clock = systemClock } = options;
  if (options.out !== undefined) {
    throw new FirstwordError('bad_input', '--every writes one file per run: omit --out, or use --history.');
  }
  let dueMs = clock.nowMs();
  for (let completed = 0; completed < times && !signal.aborted; completed += 1) {
    await pause(dueMs - clock.nowMs(), { clock, signal });
    if (signal.aborted) return;
    try {
      await once();
    } catch (error) {
      if (!isTransient(error)) throw error;
      process.stderr.write(` ! ${(error as Error).message}\n`);
      process.exitCode = 1;
    }
    dueMs = Math.max(dueMs + everyMs, clock.nowMs());
    if (completed + 1 < times && !signal.aborted) {
      process.stderr.write(
        `The next run starts at ${new Date(clock.wallMs() + dueMs - clock.nowMs()).toISOString()}.\n`,
      );
    }
  }
}
