import { FirstwordError } from '@firstword/turn';
import type { RequestTrace } from '../trace.js';
import type { Attempt } from './attempt.js';

/** Fields copied from the request that answered. */
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
 * Copies the winner's trace. If the winner was not the first request, its connection and header marks are not copied:
 * the caller had been waiting since `llmRequested`, so the hedge delay would look like network time.
 */
export function copyWinnerTrace(to: RequestTrace, from: RequestTrace, options: { first: boolean }): void {
  copyFigures(to, from);
  const { llmRequested } = to.marks;
  const { firstDelta, firstContent } = from.marks;
  if (options.first) Object.assign(to.marks, from.marks, { llmRequested });
  else Object.assign(to.marks, { ...(firstDelta === undefined ? {} : { firstDelta }), firstContent });
}

/** Fills in the trace at the end: outcome, request counts, wasted requests and the error. */
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
  // Cancelled requests are billed for their prompt too. The winner's own count is the best estimate of its size.
  if (wasted > 0) {
    trace.wasted = { requests: wasted, promptTokens: wasted * (answeredBy?.usage?.promptTokens ?? tokens) };
  }
  const failure = attempts.find(({ error }) => error instanceof FirstwordError)?.error;
  if (outcome === 'failed' && failure instanceof FirstwordError) trace.error = failure;
}
