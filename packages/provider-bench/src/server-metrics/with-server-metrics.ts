import { isFirstwordError } from '@firstword/turn';
import { failureOf } from '../analyse/rates.js';
import type { RunFile } from '../run-file.js';
import { type BenchSample, ttftMs } from '../sample.js';
import { readTotals } from './read-totals.js';
import type { ServerTotals } from './totals.js';
import { type ServerReport, splitTtft } from './ttft-breakdown.js';

/** A measured server that exposes Prometheus metrics. */
export interface MeasuredServer {
  /** The target, as in the plan. */
  target: string;
  baseUrl: string;
  model: string;
  apiKey?: string;
}

async function totalsOrProblem(
  server: MeasuredServer,
  signal: AbortSignal,
): Promise<ServerTotals | { problem: string }> {
  try {
    return await readTotals({ ...server, signal });
  } catch (error) {
    if (isFirstwordError(error)) return { problem: error.message };
    throw error;
  }
}

/** Client-side mean TTFT between the readings, warm-ups included because the server counts them too. */
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
  { target }: MeasuredServer,
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
  if (client.requests === 0) return { target, problem: 'no request was answered' };
  return { target, ttftBreakdown: splitTtft(before, after, client) };
}

/**
 * Reads the servers' metrics before and after a run, and splits the run's TTFT by them. A server whose metrics cannot be
 * read gets a report with the problem; the run is not affected.
 */
export async function withServerMetrics(
  servers: readonly MeasuredServer[],
  options: {
    signal: AbortSignal;
    run: () => Promise<RunFile>;
    /** Indices of samples from earlier parts of a resumed run, which the counters do not cover. */
    earlier?: ReadonlySet<number>;
  },
): Promise<{ run: RunFile; serverReports: ServerReport[] }> {
  const { signal, earlier = new Set<number>() } = options;
  const read = () => Promise.all(servers.map((server) => totalsOrProblem(server, signal)));
  const before = await read();
  const run = await options.run();
  // After Ctrl-C no further request is sent, so there is no second reading.
  if (signal.aborted) return { run, serverReports: [] };
  const after = await read();
  const serverReports = servers.map((server, at) =>
    serverReport(server, run, { before: before[at]!, after: after[at]!, earlier }),
  );
  return { run, serverReports };
}
