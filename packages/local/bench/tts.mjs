// How long the embedded TTS takes to its first frame and its last. Needs a build.
// Run: npm run bench:tts -w @firstword/local [-- ROUNDS]
import { performance } from 'node:perf_hooks';
import { fliteTts } from '@firstword/local';
import { ascending, percentile } from '@firstword/turn/statistics';

const rounds = Number(process.argv[2] ?? 50);
const TEXTS = {
  '2 words': 'Of course.',
  '10 words': 'Hello there, how can I help you with your booking?',
  '3 sentences': 'We have a table at seven. It is near the window. Shall I book it for you?',
};

const tts = fliteTts();
const startedMs = performance.now();
await tts.ready();
console.log(
  `ready after ${(performance.now() - startedMs).toFixed(0)} ms; ${rounds} rounds each; slt, 24 kHz`,
);
console.log('text            first frame p50     p95   all p50     p95 ms   audio ms');
for (const [name, text] of Object.entries(TEXTS)) {
  const runs = [];
  for (let i = 0; i < rounds; i++) runs.push(await timed(text));
  const at = (key, percent) => {
    const sorted = ascending(runs.map((run) => run[key]));
    return percentile(sorted, percent).toFixed(1).padStart(8);
  };
  const figures = [at('firstMs', 50), at('firstMs', 95), at('allMs', 50), at('allMs', 95), at('audioMs', 50)];
  console.log(name.padEnd(24), figures.join(' '));
}
await tts.close();

async function timed(text) {
  const fromMs = performance.now();
  let firstMs;
  let samples = 0;
  for await (const frame of tts.synthesize(text)) {
    firstMs ??= performance.now() - fromMs;
    samples += frame.length;
  }
  return { firstMs, allMs: performance.now() - fromMs, audioMs: (samples * 1_000) / tts.sampleRateHz };
}
