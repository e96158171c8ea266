import { type BenchSample, startEmulatorProcess } from '@firstword/provider-bench';
import { ascending, percentile } from '@firstword/turn/statistics';
import type { Figure, Task } from './figure.js';
import { measured } from './measured.js';

const TTFT_MS = 200;
const RTT_MS = 20;
const TARGET_MS = 1;

type Phase = 'headersMs' | 'firstDeltaMs' | 'firstContentMs';

/**
 * What the emulator plays (its README): each request costs a round trip, and a new connection two more, which without TLS
 * it adds to that connection's first request; headers come at 0.8, the first reasoning at 0.9 of the time to first
 * content.
 */
const PLAYED: [name: string, phase: Phase, atMs: number][] = [
  ['headers', 'headersMs', RTT_MS + 0.8 * TTFT_MS],
  ['first delta', 'firstDeltaMs', RTT_MS + 0.9 * TTFT_MS],
  ['first content', 'firstContentMs', RTT_MS + TTFT_MS],
];
const CONNECTIONS: [name: string, is: BenchSample['connection'], extraMs: number][] = [
  ['open connection', 'reused', 0],
  ['new connection', 'cold', 2 * RTT_MS],
];

const at = (values: readonly number[], percent: number) => percentile(ascending(values), percent);

/** How far phases as measured lie from what the emulator plays. */
export async function accuracy({ requests }: Task): Promise<Figure[]> {
  const emulator = await startEmulatorProcess({
    precise: true,
    promptCache: false,
    network: { rttMs: RTT_MS },
    profiles: [
      {
        name: 'steady',
        source: 'synthetic: the same each time, for this bench',
        ttft: { p50Ms: TTFT_MS, p95Ms: TTFT_MS, maxMs: TTFT_MS },
        reasoning: 'by-default',
      },
    ],
  });
  try {
    const samples = await measured({
      targets: [`custom:steady@${emulator.urlFor('steady')}`],
      turns: requests,
      modes: [{ mode: 'warm' }, { mode: 'cold' }],
    });
    return CONNECTIONS.flatMap(([connection, is, extraMs]) =>
      PLAYED.flatMap(([phase, field, atMs]): Figure[] => {
        const found = samples.filter((sample) => sample.connection === is);
        const errors = found.map(({ phases }) => Math.abs(phases[field]! - atMs - extraMs));
        const name = `${connection}, ${phase}: off by`;
        return [
          { name: `${name}, p50`, value: at(errors, 50), n: errors.length, target: TARGET_MS },
          { name: `${name}, p95`, value: at(errors, 95), n: errors.length },
        ];
      }),
    );
  } finally {
    emulator.close();
  }
}
