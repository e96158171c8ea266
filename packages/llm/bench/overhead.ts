import { router } from '@firstword/llm';
import { measure, plainUndici, serveApart, throughModel } from './arms.js';
import type { BenchFigure } from './figures.js';
import type { Bench, BenchRun } from './run.js';
import { added, estimate, show } from './stats.js';

async function overheadAt(options: { run: BenchRun; streams: number; flags: string[]; share: number }) {
  const { run, streams, flags, share } = options;
  const server = await serveApart(flags);
  const models = [server.model('a'), server.model('b')];
  const arms = [
    plainUndici('plain undici', server.baseUrl),
    throughModel('client', server.model('a')),
    throughModel('router', router({ models, holdUntilClause: false, hedge: { budget: 0 } })),
  ];
  const requests = run.requests ?? (run.quick ? 1_000 : 3_000);
  const { signal } = run;
  try {
    await measure(arms, { requests: Math.min(1_000, requests), streams, signal });
    const progress = (done: number) => run.progress(share + done / 2);
    await measure(arms, { requests, streams, signal, progress });
  } finally {
    await Promise.all(arms.map(({ close }) => close()));
    server.close();
  }
  const [base, , routed] = arms.map(({ times }) => times) as [number[], number[], number[]];
  console.log(`  ${streams} at a time, n = ${base.length} an arm: p50, p99 ms`);
  for (const { name, times } of arms) {
    console.log(`  ${name.padEnd(12)} ${show(estimate(times, 50), 3)}  ${show(estimate(times, 99), 3)}`);
  }
  return (percent: number, target: number): BenchFigure => ({
    name: `router, ${streams} at a time, added p${percent}`,
    target,
    measured: added(routed, base, percent),
    unit: 'ms',
    digits: 3,
    n: base.length,
  });
}

/** Time to first content through the client and through the router, minus that of plain undici, on the same server. */
async function runOverhead(run: BenchRun): Promise<BenchFigure[]> {
  // With one caller, answers are sent at once; with fifty, they are streams of a tenth of a second.
  const alone = await overheadAt({ run, streams: 1, flags: ['--at-once'], share: 0 });
  const crowd = await overheadAt({ run, streams: 50, flags: [], share: 0.5 });
  return [alone(50, 0.15), alone(99, 1), crowd(50, 0.15), crowd(99, 1)];
}

/** What the client and the router add to plain undici. */
export const overhead: Bench = {
  about: 'what the router adds to a plain undici stream, one at a time and fifty at a time',
  seconds: [50, 14],
  run: runOverhead,
};
