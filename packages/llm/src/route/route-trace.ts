import { FirstwordError } from '@firstword/turn';
import type { RequestTrace } from '../trace.js';
import type { Attempt } from './attempt.js';

/** The figures that belong to the request that answered. */
const COPIED = [
  'provider',
  'model',
  'emulated',
  'profile',
  'connection',
  'usage',
  'providerTime',
  'prefixBreak',
  'headroom',
  'limits',
  'requestId',
  'serviceTier',
  'servedBy',
  'status',
] as const;

function copyFigures(to: RequestTrace, from: RequestTrace): void {
  const copy = to as object as Record<string, unknown>;
  for (const key of COPIED) {
    const value = from[key];
    if (value !== undefined) copy[key] = value;
  }
}

/**
 * Takes over the winner's marks. A winner that was not the first request had a connection, headers and so on of its
 * own, but they were not what the caller waited for since `llmRequested`: those marks stay unset rather than put a
 * hedge's delay down to the network.
 */
export function copyWinnerTrace(to: RequestTrace, from: RequestTrace, options: { first: boolean }): void {
  copyFigures(to, from);
  const { llmRequested } = to.marks;
  const { firstDelta, firstContent } = from.marks;
  if (options.first) Object.assign(to.marks, from.marks, { llmRequested });
  else Object.assign(to.marks, { ...(firstDelta === undefined ? {} : { firstDelta }), firstContent });
}

export function closeTrace(
  trace: RequestTrace,
  end: {
    outcome: RequestTrace['outcome'];
    answeredBy: RequestTrace | undefined;
    attempts: Attempt[];
    tokens: number;
  },
): void {
  const { outcome, answeredBy, attempts, tokens } = end;
  trace.outcome = outcome;
  if (answeredBy) copyFigures(trace, answeredBy);
  trace.requests = attempts.reduce((sum, { chat }) => sum + chat.trace.requests, 0);
  const wasted = attempts.filter(({ chat }) => chat.trace !== answeredBy && chat.trace.requests > 0).length;
  // Cancelled requests are billed for their prompt all the same; the winner's own count is the best guess at its size.
  if (wasted > 0) {
    trace.wasted = { requests: wasted, promptTokens: wasted * (answeredBy?.usage?.promptTokens ?? tokens) };
  }
  const failure = attempts.find(({ error }) => error instanceof FirstwordError)?.error;
  if (outcome === 'failed' && failure instanceof FirstwordError) trace.error = failure;
}
