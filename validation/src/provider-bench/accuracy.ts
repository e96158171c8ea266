import { type BenchSample, startEmulatorProcess } from '@firstword/provider-bench';
import { ascending, percentile } from '@firstword/turn/statistics';
import type { BenchTask, ProviderBenchFigure } from './figure.js';
import { measureSamples } from './measure-samples.js';

const TTFT_MS = 200;
const RTT_MS = 20;
const TARGET_MS = 1;

type TimedPhase = 'headersMs' | 'firstDeltaMs' | 'firstContentMs';

/**
 * When the emulator sends (see its README): every request costs one round trip; a new connection costs two more, which
 * without TLS are added to its first request. Headers are sent at 0.8 and the first reasoning at 0.9 of the TTFT.
 */
const EXPECTED_PHASES: [name: string, phase: TimedPhase, atMs: number][] = [
  ['headers', 'headersMs', RTT_MS + 0.8 * TTFT_MS],
  ['first delta', 'firstDeltaMs', RTT_MS + 0.9 * TTFT_MS],
  ['first content', 'firstContentMs', RTT_MS + TTFT_MS],
];
const CONNECTIONS: [name: string, is: BenchSample['connection'], extraMs: number][] = [
  ['open connection', 'reused', 0],
  ['new connection', 'cold', 2 * RTT_MS],
];

const at = (values: readonly number[], percent: number) => percentile(ascending(values), percent);

/** Errors of the measured phases relative to the times at which the emulator sends. */
export async function accuracy({ requests }: BenchTask): Promise<ProviderBenchFigure[]> {
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
    const samples = await measureSamples({
      targets: [`custom:steady@${emulator.urlFor('steady')}`],
      turns: requests,
      modes: [{ mode: 'warm' }, { mode: 'cold' }],
    });
    return CONNECTIONS.flatMap(([connection, is, extraMs]) =>
      EXPECTED_PHASES.flatMap(([phase, field, atMs]): ProviderBenchFigure[] => {
        const found = samples.filter((sample) => sample.connection === is);
        const errors = found.map(({ phases }) => Math.abs(phases[field]! - atMs - extraMs));
        const name = `${connection}, ${phase}: error`;
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
