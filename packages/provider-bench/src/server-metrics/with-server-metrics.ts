import { isFirstwordError } from '@firstword/turn';
import { failureOf } from '../analyse/rates.js';
import type { RunFile } from '../run-file.js';
import { type BenchSample, ttftMs } from '../sample.js';
import { readTotals } from './read-totals.js';
import type { ServerTotals } from './totals.js';
import { type ServerReport, splitTtft } from './ttft-breakdown.js';

/** A server that is measured and tells about itself. */
export interface MetricsServer {
  /** As the plan names it. */
  target: string;
  baseUrl: string;
  model: string;
  apiKey?: string;
}

async function totalsOrProblem(
  server: MetricsServer,
  signal: AbortSignal,
): Promise<ServerTotals | { problem: string }> {
  try {
    return await readTotals({ ...server, signal });
  } catch (error) {
    if (isFirstwordError(error)) return { problem: error.message };
    throw error;
  }
}

/** All requests of a target that were answered between the readings: a server counts warm-ups too. */
function clientSide(
  samples: readonly BenchSample[],
  armIds: ReadonlySet<string>,
  earlier: ReadonlySet<number>,
) {
  const times = samples
    .filter((sample) => armIds.has(sample.armId) && !earlier.has(sample.index) && !failureOf(sample))
    .map((sample) => ttftMs(sample)!);
  return { requests: times.length, ttftMs: times.reduce((sum, ms) => sum + ms, 0) / times.length };
}

function serverReport(
  { target }: MetricsServer,
  run: RunFile,
  readings: {
    before: ServerTotals | { problem: string };
    after: ServerTotals | { problem: string };
    earlier: ReadonlySet<number>;
  },
): ServerReport {
  const { before, after, earlier } = readings;
  if ('problem' in before) return { target, problem: before.problem };
  if ('problem' in after) return { target, problem: after.problem };
  const armIds = new Set(run.arms.filter((arm) => arm.target === target).map(({ id }) => id));
  const client = clientSide(run.samples, armIds, earlier);
  if (client.requests === 0) return { target, problem: 'it answered no request' };
  return { target, ttftBreakdown: splitTtft(before, after, client) };
}

/**
 * Reads the servers' own metrics before and after a run, and takes the run's times apart by them. A server that does not
 * tell costs nothing but its account.
 */
export async function withServerMetrics(
  servers: readonly MetricsServer[],
  options: {
    signal: AbortSignal;
    run: () => Promise<RunFile>;
    /** Indices of samples that were measured before: the server's counters say nothing of those. */
    earlier?: ReadonlySet<number>;
  },
): Promise<{ run: RunFile; accounts: ServerReport[] }> {
  const { signal, earlier = new Set<number>() } = options;
  const read = () => Promise.all(servers.map((server) => totalsOrProblem(server, signal)));
  const before = await read();
  const run = await options.run();
  // After Ctrl-C nothing is asked any more, and there is nothing to tell.
  if (signal.aborted) return { run, accounts: [] };
  const after = await read();
  const accounts = servers.map((server, at) =>
    serverReport(server, run, { before: before[at]!, after: after[at]!, earlier }),
  );
  return { run, accounts };
}
