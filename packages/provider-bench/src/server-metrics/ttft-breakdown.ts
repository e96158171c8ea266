import { z } from 'zod';
import { withoutUndefined } from '../analyse/values.js';
import { ENGINES, type ServerTotals } from './totals.js';

/** The client's requests between two readings, those that got their first content. */
export interface ClientTtft {
  requests: number;
  /** Mean time to first content, from the moment of sending, ms. */
  ttftMs: number;
}

const ms = z.number();
const count = z.int().min(0);

/** The time to first content split into parts, as means, ms. They add up to `clientMs`. Unreported parts are absent. */
export const ttftBreakdownSchema = z.object({
  engine: z.enum(ENGINES),
  /** Requests counted by the client. */
  requests: count,
  /** Requests counted by the server, where it counts them. If this exceeds `requests`, the server had other clients too. */
  serverRequests: count.optional(),
  clientMs: ms,
  /** Network and HTTP server: the client's TTFT minus the server's own time to first token. */
  networkMs: ms.optional(),
  /** Inside the server, apart from queue and prefill: parsing, tokenizing, hand-over. */
  overheadMs: ms.optional(),
  queueMs: ms.optional(),
  prefillMs: ms.optional(),
  /** Share of prompt tokens found in the prefix cache, 0 to 1. */
  cacheHitShare: ms.optional(),
  preemptions: ms.optional(),
});
/** The time to first content split by a server's metrics. */
export type TtftBreakdown = z.infer<typeof ttftBreakdownSchema>;

/** The TTFT breakdown of one server, or why there is none. */
export const serverReportSchema = z.object({
  /** The target, as in the plan. */
  target: z.string(),
  ttftBreakdown: ttftBreakdownSchema.optional(),
  problem: z.string().optional(),
});
/** The metrics of one server over a run. */
export type ServerReport = z.infer<typeof serverReportSchema>;

/** The increase of a counter; `undefined` where it decreased, because the server was restarted in between. */
const grew = (before: number | undefined, after: number | undefined) =>
  before === undefined || after === undefined || after < before ? undefined : after - before;

const meanOf = (sum: number | undefined, count: number | undefined) =>
  sum === undefined || count === undefined || count === 0 ? undefined : sum / count;

/**
 * Splits the client's mean TTFT by the change of a server's counters. The server must not serve other clients between the
 * readings; `serverRequests` shows whether it did, where the server counts requests.
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
