import { FirstwordError } from '@firstword/turn';
import { parseExposition } from './exposition.js';
import { type ServerTotals, totalsOf } from './totals.js';

const WITHIN_MS = 5000;

/** `http://gpu:8000/v1` → `http://gpu:8000/metrics`, where both servers have it. */
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
    throw refused(`${url} cannot be read: is the server up, and may this machine reach it?`, cause);
  }
  if (response.ok) return response.text();
  await response.body?.cancel();
  const help = response.status === 501 || response.status === 404 ? ' Start llama.cpp with --metrics.' : '';
  throw refused(`${url} answered ${response.status}, not its metrics.${help}`);
}

/**
 * Reads what a server of vLLM or llama.cpp has added up so far.
 * @param options.model as requests name it
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
  throw refused(`${url} is no /metrics of vLLM or llama.cpp: nothing in it has a name that they document.`);
}
