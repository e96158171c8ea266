import { parseArgs } from 'node:util';
import { benchConnections } from './connections.js';
import { benchEncoding } from './encoding.js';
import { benchOverhead } from './overhead.js';
import { benchPrefix } from './prefix.js';
import { benchRace } from './race.js';
import { benchSoak } from './soak.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    requests: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    calls: { type: 'string', default: '16' },
    'idle-ms': { type: 'string', default: '60000' },
  },
});
const requests = Number(values.requests);
const benches: Record<string, () => Promise<void>> = {
  race: () => benchRace({ requests, seed: Number(values.seed), calls: Number(values.calls) }),
  overhead: () => benchOverhead({ requests: requests }),
  connections: () => benchConnections({ samples: 30, idleMs: Number(values['idle-ms']) }),
  prefix: () =>
    benchPrefix({
      requests: Math.min(requests, 400),
      seed: Number(values.seed),
      calls: Number(values.calls),
    }),
  encoding: () => benchEncoding(),
  soak: () => benchSoak({ requests: Math.max(requests, 100_000) }),
};
const names = positionals.length > 0 ? positionals : Object.keys(benches);
const unknown = names.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(
    `There is no bench "${unknown.join(', ')}". Choose from: ${Object.keys(benches).join(', ')}.`,
  );
  process.exit(2);
}
console.log(
  `Node ${process.version}; figures of emulated providers say so. 95 % bootstrap intervals in brackets.`,
);
for (const name of names) await benches[name]!();
