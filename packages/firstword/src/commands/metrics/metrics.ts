import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { serveMetrics } from '@firstword/records/prometheus';
import { isLoopback } from '../../loopback.js';
import { stopSignal, untilStopped } from '../../stop-signal.js';
import type { MetricsOptions } from './options.js';

/** `firstword metrics`. */
export async function metrics(options: MetricsOptions): Promise<void> {
  const signal = stopSignal();
  const dir = resolve(options.dir);
  const server = await serveMetrics({ dir, port: options.port, host: options.host, signal });
  process.stderr.write(`Serving the turn records of ${dir} at ${server.url}. Press Ctrl-C to stop.\n`);
  if (!isLoopback(options.host))
    process.stderr.write(
      'Warning: other machines can read the metrics, without a password. Restrict the port to your Prometheus.\n',
    );
  if (!existsSync(dir))
    process.stderr.write('The folder does not exist yet; it is checked again at every scrape.\n');
  await untilStopped();
  await server.close();
}
