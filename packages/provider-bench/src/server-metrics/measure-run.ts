import { accessToModel } from '@firstword/llm';
import type { FirstwordError } from '@firstword/turn';
import { type ExecuteRunOptions, executeRun, reusableSamples } from '../run/execute-run.js';
import type { RunFile } from '../run-file.js';
import { writeRun } from '../store/run-store.js';
import type { BenchTarget } from '../targets/target.js';
import { type MeasuredServer, withServerMetrics } from './with-server-metrics.js';

/** Self-hosted servers that expose Prometheus metrics at /metrics. */
const WITH_METRICS: readonly string[] = ['vllm', 'llama.cpp'];

function metricsServers(targets: readonly BenchTarget[], env: ExecuteRunOptions['env']): MeasuredServer[] {
  return targets
    .filter(({ provider }) => WITH_METRICS.includes(provider))
    .map((target) => {
      const { provider, baseUrl = provider.baseUrl, apiKey } = accessToModel(target, env);
      const { text, model } = target;
      return { target: text, baseUrl, model, ...(apiKey === undefined ? {} : { apiKey }) };
    });
}

/**
 * Executes a run as `executeRun` does, and adds `servers`: TTFT split into network, queue and prefill by the metrics of
 * self-hosted servers.
 * @throws FirstwordError as `executeRun`
 */
export async function measureRun(options: ExecuteRunOptions): Promise<RunFile> {
  const servers = metricsServers(options.prepared.targets, options.env);
  if (servers.length === 0) return executeRun(options);
  const { signal, file, resume, onWriteFailure } = options;
  const { run, serverReports } = await withServerMetrics(servers, {
    signal,
    run: () => executeRun(options),
    earlier: new Set(resume ? reusableSamples(resume).map(({ index }) => index) : []),
  });
  if (serverReports.length === 0 || run.partial?.reason === 'unwritable') return run;
  const whole = { ...run, servers: serverReports };
  await writeRun(file, whole).catch((error: FirstwordError) => {
    if (!onWriteFailure) throw error;
    onWriteFailure(error);
  });
  return whole;
}
