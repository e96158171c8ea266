// Time that Smart Turn takes for an answer, by the length of the turn, and the event loop's delay meanwhile. Needs a build and
// the weights (npx firstword fetch smart-turn). Run: npm run bench:smart-turn -w @firstword/local [-- ROUNDS]
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { smartTurn } from '@firstword/local';
import { ascending, percentile } from '@firstword/turn/statistics';

const rounds = Number(process.argv[2] ?? 30);
const RATE_HZ = 16_000;
const { signal } = new AbortController();
const detector = smartTurn();
await detector.ready();
const noise = Int16Array.from({ length: 8 * RATE_HZ }, (_, i) => ((i * 7919) % 4001) - 2000);
for (const seconds of [1, 3, 8]) {
  const audio = noise.slice(0, seconds * RATE_HZ);
  const loop = monitorEventLoopDelay({ resolution: 5 });
  const times = [];
  loop.enable();
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now();
    await detector.predict({ audio, sampleRateHz: RATE_HZ, signal });
    times.push(performance.now() - startedMs);
  }
  loop.disable();
  const sorted = ascending(times);
  const [p50, p95] = [50, 95].map((percent) => percentile(sorted, percent).toFixed(0));
  console.log(
    `${seconds} s of audio: p50 ${p50} ms, p95 ${p95} ms; event loop p95 ${(loop.percentile(95) / 1e6).toFixed(0)} ms`,
  );
}
await detector.close();
