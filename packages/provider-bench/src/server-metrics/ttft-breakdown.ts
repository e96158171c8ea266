import { z } from 'zod';
import { withoutUndefined } from '../analyse/values.js';
import { ENGINES, type ServerTotals } from './totals.js';

/** Requests of the client in the time between two readings, those that reached their first token. */
export interface ClientTtft {
  requests: number;
  /** Mean time to first content, from the moment of sending, ms. */
  ttftMs: number;
}

const ms = z.number();
const count = z.int().min(0);

/** A time to first content taken apart, as means, ms: they add up to `clientMs`. What the server does not tell is left out. */
export const ttftBreakdownSchema = z.object({
  engine: z.enum(ENGINES),
  /** Of the client. */
  requests: count,
  /** Of the server, where it counts them: more than the client's means that others were served as well. */
  serverRequests: count.optional(),
  clientMs: ms,
  /** On the way, and in the HTTP server: what the client saw beyond the server's own time to first token. */
  networkMs: ms.optional(),
  /** Inside the server, neither waiting nor reading: parsing, tokens, handing over. */
  overheadMs: ms.optional(),
  queueMs: ms.optional(),
  prefillMs: ms.optional(),
  /** Share of the prompt tokens found in the prefix cache. */
  cacheHitShare: ms.optional(),
  preemptions: ms.optional(),
});
export type TtftBreakdown = z.infer<typeof ttftBreakdownSchema>;

/** What one server told, or why it did not. */
export const serverReportSchema = z.object({
  /** As the plan names it. */
  target: z.string(),
  ttftBreakdown: ttftBreakdownSchema.optional(),
  problem: z.string().optional(),
});
export type ServerReport = z.infer<typeof serverReportSchema>;

/** Counters begin anew when a server is restarted in between: nothing can be told then. */
const grew = (before: number | undefined, after: number | undefined) =>
  before === undefined || after === undefined || after < before ? undefined : after - before;

const meanOf = (sum: number | undefined, count: number | undefined) =>
  sum === undefined || count === undefined || count === 0 ? undefined : sum / count;

/**
 * Puts a server's own account beside the client's. Both readings have to be taken while the server serves nobody else,
 * which `serverRequests` shows where the server counts.
 */
export function splitTtft(before: ServerTotals, after: ServerTotals, client: ClientTtft): TtftBreakdown {
  const delta = (field: Exclude<keyof ServerTotals, 'engine'>) => grew(before[field], after[field]);
  const serverRequests = delta('firstTokens');
  const ttftMs = meanOf(delta('ttftMs'), serverRequests);
  const queueMs = meanOf(delta('queueMs'), delta('queued'));
  // llama.cpp counts no requests: its time is divided among the client's.
  const prefillMs = meanOf(delta('prefillMs'), delta('prefilled') ?? client.requests);
  const insideMs =
    ttftMs === undefined || queueMs === undefined || prefillMs === undefined
      ? undefined
      : Math.max(0, ttftMs - queueMs - prefillMs);
  const serverMs = ttftMs ?? prefillMs;
  return {
    engine: after.engine,
    requests: client.requests,
    clientMs: client.ttftMs,
    ...withoutUndefined({
      serverRequests,
      networkMs: serverMs === undefined ? undefined : client.ttftMs - serverMs,
      overheadMs: insideMs,
      queueMs,
      prefillMs,
      cacheHitShare: meanOf(delta('cacheHitsTokens'), delta('cacheQueriesTokens')),
      preemptions: delta('preemptions'),
    }),
  };
}
