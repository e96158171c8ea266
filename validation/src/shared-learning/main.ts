import { writeFile } from 'node:fs/promises';
import { ascending, percentile } from '@firstword/turn/statistics';
import { readOptions } from '../read-options.js';
import { NO_VALKEY, VALKEY, Valkey } from '../testbed/valkey.js';
import { comparePercentiles, figureText, type Pair } from './compare.js';
import { type FreshMachines, measureFreshMachines, PRIMARIES } from './fresh-machines.js';
import { measureStoreFaults, type StorePhase } from './store-faults.js';

const HELP = `Measures what routers gain by a shared store, and what a failing store costs. The LLMs are emulated, the store is real.

  npm run bench:shared-learning
  --machines N   fresh machines (default 40)
  --requests N   first requests of each (default 12)
  --streams N    answers under way at once while the store fails (default 50)
  --phase MS     length of each phase of the store (default 10000)
  --json FILE    write every time as JSON
  --help
Needs valkey-server or redis-server.
`;

const { values } = readOptions({
  options: {
    machines: { type: 'string', default: '40' },
    requests: { type: 'string', default: '12' },
    streams: { type: 'string', default: '50' },
    phase: { type: 'string', default: '10000' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const numberOf = (name: 'machines' | 'requests' | 'streams' | 'phase'): number => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 1) return value;
  process.stderr.write(`--${name} takes a whole number of at least 1, not "${values[name]}".\n`);
  process.exit(2);
};
const [machines, requests, streams, phaseMs] = [
  numberOf('machines'),
  numberOf('requests'),
  numberOf('streams'),
  numberOf('phase'),
];
if (!VALKEY) {
  process.stderr.write(`${NO_VALKEY}\n`);
  process.exit(1);
}

const at = (times: number[], percent: number) => percentile(ascending(times), percent).toFixed(0);

function printFresh(primary: string, { withStore, withoutMemory, extra, failures }: FreshMachines): void {
  const share = (value: number) => `${(value * 100).toFixed(0)} %`;
  const line = (name: string, times: number[], extraShare: number, ratio = '') =>
    console.log(
      `${name.padEnd(34)} p50 ${at(times, 50)}  p95 ${at(times, 95)} ms, ${share(extraShare)} extra requests  ${ratio}`,
    );
  const ratioOf = (pairs: Pair[]) =>
    `p95 ratio ${figureText(comparePercentiles(pairs, 95, (ms, referenceMs) => ms / referenceMs))}`;
  console.log(
    `First ${requests} requests of ${machines} machines, ${primary} first; ${failures.length} failed`,
  );
  const [learned, store, none] = extra;
  line(
    'a router that has learned',
    withStore.map(({ referenceMs }) => referenceMs),
    learned,
  );
  line(
    'a fresh router with the store',
    withStore.map(({ ms }) => ms),
    store,
    ratioOf(withStore),
  );
  line(
    'a fresh router without a memory',
    withoutMemory.map(({ ms }) => ms),
    none,
    ratioOf(withoutMemory),
  );
}

function printFaults(phases: readonly StorePhase[]): void {
  console.log(
    `\n${streams} streams, half of them with the store. Time to first text, with the store and without:`,
  );
  for (const { name, pairs, requests: count, failures } of phases) {
    const p50 = comparePercentiles(pairs, 50, (ms, referenceMs) => ms - referenceMs);
    const p99 = comparePercentiles(pairs, 99, (ms, referenceMs) => ms - referenceMs);
    const lost = `${failures.withStore.length} and ${failures.without.length} of ${count} lost`;
    console.log(
      `${name.padEnd(9)} p50 ${figureText(p50)} ms, p99 ${figureText(p99)} ms more with the store; ${lost}`,
    );
  }
}

const server = await Valkey.start();
const lines: string[] = [];
try {
  const fresh: Record<string, FreshMachines> = {};
  for (const primary of PRIMARIES) {
    fresh[primary] = await measureFreshMachines({ url: server.url, primary, machines, requests });
    printFresh(primary, fresh[primary]);
  }
  const phases = await measureStoreFaults({ server, streams, phaseMs, onStatus: (line) => lines.push(line) });
  printFaults(phases);
  console.log(lines.map((line) => `  ${line}`).join('\n'));
  if (values.json) await writeFile(values.json, `${JSON.stringify({ fresh, phases, lines }, null, 2)}\n`);
} finally {
  await server.remove();
}
process.exit(0);
