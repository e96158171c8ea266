import { pause } from '@firstword/provider-bench';
import { type Clock, FirstwordError, isFirstwordError, systemClock } from '@firstword/turn';

/** What the network or a full disk may have done this time, and not the next. */
const mayPass = (error: unknown) => isFirstwordError(error) && error.code !== 'bad_input';

/**
 * Runs again and again, beginning `everyMs` apart; a run that takes longer is followed at once. A run that fails is told
 * of, and the next is made; only what would fail each time ends it.
 * @throws FirstwordError `bad_input` where each run would overwrite the one before
 */
export async function repeatedly(
  once: () => Promise<void>,
  options: {
    everyMs: number;
    /** Without end where left out. */
    times?: number | undefined;
    out?: string | undefined;
    signal: AbortSignal;
    clock?: Clock;
  },
): Promise<void> {
  const { everyMs, times = Number.POSITIVE_INFINITY, signal, clock = systemClock } = options;
  if (options.out !== undefined) {
    throw new FirstwordError(
      'bad_input',
      '--every makes a file for each run: leave --out away, or use --history.',
    );
  }
  let dueMs = clock.nowMs();
  for (let made = 0; made < times && !signal.aborted; made += 1) {
    await pause(dueMs - clock.nowMs(), { clock, signal });
    if (signal.aborted) return;
    try {
      await once();
    } catch (error) {
      if (!mayPass(error)) throw error;
      process.stderr.write(` ! ${(error as Error).message}\n`);
      process.exitCode = 1;
    }
    dueMs = Math.max(dueMs + everyMs, clock.nowMs());
    if (made + 1 < times && !signal.aborted) {
      process.stderr.write(
        `The next run is due ${new Date(clock.wallMs() + dueMs - clock.nowMs()).toISOString()}.\n`,
      );
    }
  }
}
