import { plainText } from '@firstword/records';
import type { Separated, ServerAccount } from '../server-metrics/separate.js';
import type { Table } from './tables.js';
import { ms, NONE, percentText } from './words.js';

const cells = (found: Separated) => [
  String(found.requests),
  ms(found.clientMs),
  ms(found.networkMs),
  ms(found.overheadMs),
  ms(found.queueMs),
  ms(found.prefillMs),
  found.cacheHitShare === undefined ? NONE : percentText(found.cacheHitShare),
];

/** What the servers themselves tell, beside what was measured; `undefined` where none was asked. */
export function serversTable(accounts: readonly ServerAccount[] = []): Table | undefined {
  const rows = accounts.flatMap(({ target, separated }) =>
    separated ? [[plainText(target), ...cells(separated)]] : [],
  );
  if (rows.length === 0) return undefined;
  const heads = ['means, ms', 'n', 'content', 'network', 'handling', 'queue', 'prefill', 'cache hits'];
  return { title: 'By the servers’ own metrics: parts that add up', heads, rows };
}

function separatedNotes({ requests, serverRequests = 0, preemptions = 0, engine }: Separated): string[] {
  const others = serverRequests - requests;
  return [
    ...(others > 0
      ? [`the server also served ${others} requests of others, or without content: its means are of all`]
      : []),
    ...(preemptions > 0
      ? [`${preemptions} requests were preempted: its KV cache is too small for so many at a time`]
      : []),
    ...(engine === 'llama.cpp'
      ? ['llama.cpp times no queue: waiting for a free slot counts as network here']
      : []),
  ];
}

/** What is to be known with that table. */
export function serverNotes(accounts: readonly ServerAccount[] = []): string[] {
  return accounts.flatMap(({ target, separated, problem }) => {
    const notes = separated
      ? separatedNotes(separated)
      : [`no figures of the server: ${plainText(problem ?? '')}`];
    return notes.map((note) => `${plainText(target)}: ${note}`);
  });
}
