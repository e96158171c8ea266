import { plainText } from '@firstword/records';
import type { ServerReport, TtftBreakdown } from '../server-metrics/ttft-breakdown.js';
import { ms, NONE, percentText } from './format.js';
import type { Table } from './tables.js';

const cells = (found: TtftBreakdown) => [
  String(found.requests),
  ms(found.clientMs),
  ms(found.networkMs),
  ms(found.overheadMs),
  ms(found.queueMs),
  ms(found.prefillMs),
  found.cacheHitShare === undefined ? NONE : percentText(found.cacheHitShare),
];

/** Client-side TTFT split by the servers' own metrics, as means; `undefined` where no server reported any. */
export function serversTable(serverReports: readonly ServerReport[] = []): Table | undefined {
  const rows = serverReports.flatMap(({ target, ttftBreakdown }) =>
    ttftBreakdown ? [[plainText(target), ...cells(ttftBreakdown)]] : [],
  );
  if (rows.length === 0) return undefined;
  const heads = ['means, ms', 'n', 'content', 'network', 'overhead', 'queue', 'prefill', 'cache hits'];
  return { title: 'TTFT split by the servers’ own metrics (the parts add up)', heads, rows };
}

function separatedNotes({ requests, serverRequests = 0, preemptions = 0, engine }: TtftBreakdown): string[] {
  const others = serverRequests - requests;
  return [
    ...(others > 0
      ? [
          `the server also counted ${others} requests of other clients, or without content: its means include them`,
        ]
      : []),
    ...(preemptions > 0
      ? [`${preemptions} requests were preempted: the KV cache is too small for this concurrency`]
      : []),
    ...(engine === 'llama.cpp'
      ? ['llama.cpp does not report queue time: waiting for a free slot is counted as network']
      : []),
  ];
}

/** Notes for that table: foreign requests, preemptions, servers whose metrics could not be read. */
export function serverNotes(serverReports: readonly ServerReport[] = []): string[] {
  return serverReports.flatMap(({ target, ttftBreakdown, problem }) => {
    const notes = ttftBreakdown
      ? separatedNotes(ttftBreakdown)
      : [`no server metrics: ${plainText(problem ?? '')}`];
    return notes.map((note) => `${plainText(target)}: ${note}`);
  });
}
