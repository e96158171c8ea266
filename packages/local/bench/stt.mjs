// What the embedded ears cost: decode time by clip length, and how long after endUtterance the final comes, with and
// without a pause hint. Needs a build. Run: npm run bench -w @firstword/local [-- ROUNDS]
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { fliteTts, moonshineStt } from '@firstword/local';

const rounds = Number(process.argv[2] ?? 20);
const RATE_HZ = 16_000;
const FRAME_MS = 10;
const FRAME_SAMPLES = (RATE_HZ * FRAME_MS) / 1_000;
/** When a voice activity detector would say so. */
const HINT_MS = 100;
const END_MS = 250;
const SPEECH =
  'Hello, I would like to book a table for two people tomorrow evening at seven, please. ' +
  'We would prefer to sit near the window, and one of us does not eat any fish. ' +
  'Could you also tell me whether there is parking for our car behind the house?';

const stt = moonshineStt();
const tts = fliteTts({ sampleRateHz: RATE_HZ });
const speech = await spoken(SPEECH);
await tts.close();
const startedMs = performance.now();
await stt.ready();
console.log(`load ${ms(performance.now() - startedMs)}; ${rounds} rounds each; ${process.version}, 1 thread`);

console.log('\nOne decode, no draft       n     p50     p95 ms');
for (const seconds of [1, 3, 6, 10]) {
  await report(`${seconds} s of speech`, () => decodeOnce(speech.subarray(0, seconds * RATE_HZ)));
}

console.log('\nendUtterance to final, speech in real time, interims on');
for (const seconds of [3, 6]) {
  const clip = speech.subarray(0, seconds * RATE_HZ);
  await report(`${seconds} s, with hintPause`, () => finalAfter(clip, true));
  await report(`${seconds} s, without`, () => finalAfter(clip, false));
}
await stt.close();

/** Engine time of one decode of a whole clip, as told by the engine. */
async function decodeOnce(clip) {
  const { stream, final } = listen();
  stream.beginUtterance();
  stream.push(clip);
  // Given at once, the clip's first interim is its only decode.
  stream.endUtterance();
  const { decodeMs } = await final;
  stream.close();
  return decodeMs;
}

/** Speaks a clip in real time; the caller's voice ends with the clip. */
async function finalAfter(clip, hint) {
  const { stream, final } = listen();
  stream.beginUtterance();
  const from = performance.now();
  const samples = Int16Array.from([...clip, ...new Int16Array((END_MS * RATE_HZ) / 1_000)]);
  const hintAt = clip.length + (HINT_MS * RATE_HZ) / 1_000;
  for (let at = 0; at < samples.length; at += FRAME_SAMPLES) {
    const dueMs = from + (at * 1_000) / RATE_HZ;
    if (dueMs > performance.now()) await wait(dueMs - performance.now());
    stream.push(samples.subarray(at, at + FRAME_SAMPLES));
    if (hint && at === hintAt) stream.hintPause();
  }
  const endedMs = performance.now();
  stream.endUtterance();
  await final;
  stream.close();
  return performance.now() - endedMs;
}

function listen() {
  let tell;
  const final = new Promise((resolve, reject) => {
    tell = { resolve, reject };
  });
  const stream = stt.openStream({
    onTranscript: (transcript) => {
      if (transcript.kind === 'final') tell.resolve(transcript);
    },
    onError: (error) => tell.reject(error),
  });
  return { stream, final };
}

async function spoken(text) {
  const samples = [];
  for await (const frame of tts.synthesize(text)) samples.push(...frame);
  return Int16Array.from(samples);
}

async function report(name, measure) {
  const values = [];
  for (let i = 0; i < rounds; i++) values.push(await measure());
  values.sort((a, b) => a - b);
  const at = (fraction) => ms(values[Math.ceil(fraction * values.length) - 1]);
  console.log(`${name.padEnd(24)} ${String(rounds).padStart(3)} ${at(0.5)} ${at(0.95)}`);
}

function ms(value) {
  return value.toFixed(1).padStart(7);
}
