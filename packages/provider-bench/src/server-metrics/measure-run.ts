import type { FirstwordError } from '@firstword/turn';
import { type ExecuteRunOptions, executeRun, reusableSamples } from '../run/execute-run.js';
import type { RunFile } from '../run-file.js';
import { writeRun } from '../store/run-store.js';
import { accessTo } from '../targets/access.js';
import type { BenchTarget } from '../targets/target.js';
import { type MetricsServer, withServerMetrics } from './with-server-metrics.js';

/** Providers that stand on the user's own machines and tell about themselves at /metrics. */
const TELLING: readonly string[] = ['vllm', 'llama.cpp'];

function ownServers(targets: readonly BenchTarget[], env: ExecuteRunOptions['env']): MetricsServer[] {
  return targets
    .filter(({ provider }) => TELLING.includes(provider))
    .map((target) => {
      const { provider, baseUrl = provider.baseUrl, apiKey } = accessTo(target, env);
      const { text, model } = target;
      return { target: text, baseUrl, model, ...(apiKey === undefined ? {} : { apiKey }) };
    });
}

/**
 * Carries a plan out, and reads what the user's own servers add up about it: queue, prefill and network then stand apart
 * in `servers` of the run.
 * @throws FirstwordError as `carryOut`
 */
export async function measureRun(options: ExecuteRunOptions): Promise<RunFile> {
  const servers = ownServers(options.prepared.targets, options.env);
  if (servers.length === 0) return executeRun(options);
  const { signal, file, resume, onWriteFailure } = options;
  const { run, accounts } = await withServerMetrics(servers, {
    signal,
    run: () => executeRun(options),
    earlier: new Set(resume ? reusableSamples(resume).map(({ index }) => index) : []),
  });
  if (accounts.length === 0 || run.partial?.reason === 'unwritable') return run;
  const whole = { ...run, servers: accounts };
  await writeRun(file, whole).catch((error: FirstwordError) => {
    if (!onWriteFailure) throw error;
    onWriteFailure(error);
  });
  return whole;
}
