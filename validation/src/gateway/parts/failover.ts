import { type GatewayFailover, runFailover } from '../failover.js';
import { checkExactly, textTable } from '../tables.js';
import type { GatewayBenchPart, GatewayPartResult } from './part.js';

function rowOf({ how, stayed, ended, later }: GatewayFailover): string[] {
  return [
    how,
    `${stayed.whole} of ${stayed.streams}`,
    `${ended.whole} whole, ${ended.toldBroken} told, ${ended.silent} silent`,
    `${later.whole} of ${later.requests}, ${later.repeated} repeated`,
  ];
}

const HEAD = ['ended by', 'whole on the other', 'on the ended one', 'whole afterwards'];

function checksOf({ how, stayed, ended, later }: GatewayFailover) {
  return [
    checkExactly(`${how}: streams of the other gateway that are whole`, stayed.streams, stayed.whole),
    checkExactly(`${how}: streams that end as if they were complete`, 0, ended.silent),
    checkExactly(`${how}: later requests that are whole`, later.requests, later.whole),
    // SIGTERM drains: what runs may finish.
    ...(how === 'SIGTERM' ? [checkExactly(`${how}: drained streams`, ended.streams, ended.whole)] : []),
  ];
}

/** Two gateways behind a plain balancer, of which one ends. */
export const failoverPart: GatewayBenchPart = {
  about:
    'two gateways behind a plain TCP balancer, one killed: only its open streams end, and clients see an error',
  async run({ ours, folder, progress, signal }): Promise<GatewayPartResult> {
    const results: GatewayFailover[] = [];
    for (const how of ['SIGKILL', 'SIGTERM'] as const) {
      progress(`failover: ${how}`);
      results.push(await runFailover({ arm: ours, how, folder, signal }));
    }
    const errors = results.flatMap(({ how, errors: seen }) => seen.map((error) => `${how}: ${error}`));
    return {
      tables: [[textTable(HEAD, results.map(rowOf)), ...errors].join('\n')],
      checks: results.flatMap(checksOf),
      missing: [],
      data: results,
    };
  },
};
