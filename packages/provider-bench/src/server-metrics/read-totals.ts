import { FirstwordError } from '@firstword/turn';
import { parseExposition } from './exposition.js';
import { type ServerTotals, totalsOf } from './totals.js';

const WITHIN_MS = 5000;

/** The metrics URL of a base URL: `http://gpu:8000/v1` → `http://gpu:8000/metrics`, for both kinds of server. */
export function metricsUrl(baseUrl: string): string {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/v1\/?$/, '').replace(/\/$/, '')}/metrics`;
  url.search = '';
  return url.href;
}

const refused = (message: string, cause?: unknown) =>
  new FirstwordError('connect_failed', message, { cause });

async function textOf(url: string, options: { apiKey?: string; signal: AbortSignal }): Promise<string> {
  const { apiKey, signal } = options;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]);
  const headers: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  let response: Response;
  try {
    response = await fetch(url, { headers, signal: limit });
  } catch (cause) {
    signal.throwIfAborted();
    throw refused(
      `${url} cannot be read: check that the server is running and reachable from this machine.`,
      cause,
    );
  }
  if (response.ok) return response.text();
  await response.body?.cancel();
  const help = response.status === 501 || response.status === 404 ? ' Start llama.cpp with --metrics.' : '';
  throw refused(`${url} answered ${response.status} instead of metrics.${help}`);
}

/**
 * Reads the counters of a vLLM or llama.cpp server.
 * @param options.model the model name as in requests
 * @throws FirstwordError `connect_failed` where there are no such metrics, saying what to do; the signal's reason when it fires
 */
export async function readTotals(options: {
  baseUrl: string;
  model: string;
  apiKey?: string;
  signal: AbortSignal;
}): Promise<ServerTotals> {
  const url = metricsUrl(options.baseUrl);
  const totals = totalsOf(parseExposition(await textOf(url, options)), options.model);
  if (totals) return totals;
  throw refused(`${url} has no metrics of vLLM or llama.cpp: none of their documented names occur in it.`);
}
