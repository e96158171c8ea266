// Cost of the embedded STT: decode time by clip length, and how long after endUtterance the final comes, with and
// without a pause hint and interims; the arms take turns. Needs a build. Run: npm run bench -w @firstword/local [-- ROUNDS]
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { fliteTts, moonshineStt } from '@firstword/local';
import { ascending, percentile } from '@firstword/turn/statistics';

const rounds = Number(process.argv[2] ?? 20);
const RATE_HZ = 16_000;
const FRAME_MS = 10;
const FRAME_SAMPLES = (RATE_HZ * FRAME_MS) / 1_000;
/** When a VAD would report the pause. */
const HINT_MS = 100;
const END_MS = 250;
const SPEECH =
  'Hello, I would like to book a table for two people tomorrow evening at seven, please. ' +
  'We would prefer to sit near the window, and one of us does not eat any fish. ' +
  'Could you also tell me whether there is parking for our car behind the house?';

const stt = moonshineStt();
/** Decodes nothing before the end, to measure a final without interims. */
const late = moonshineStt({ interimEveryMs: 3_600_000 });
const tts = fliteTts({ sampleRateHz: RATE_HZ });
const speech = await spoken(SPEECH);
await tts.close();
const startedMs = performance.now();
await stt.ready();
const loadMs = performance.now() - startedMs;
await late.ready();
console.log(`load ${ms(loadMs)} ms; ${rounds} rounds each; ${process.version}, 1 thread`);

console.log('\nOne decode, no draft         n     p50     p95 ms');
for (const seconds of [1, 3, 6, 10]) {
  const clip = speech.subarray(0, seconds * RATE_HZ);
  await report({ [`${seconds} s of speech`]: () => decodeOnce(clip) });
}

console.log('\nendUtterance to final, speech in real time');
for (const seconds of [3, 6]) {
  const clip = speech.subarray(0, seconds * RATE_HZ);
  await report({
    [`${seconds} s, interims and hint`]: () => finalAfter({ engine: stt, clip, hint: true }),
    [`${seconds} s, interims only`]: () => finalAfter({ engine: stt, clip, hint: false }),
    [`${seconds} s, hint only`]: () => finalAfter({ engine: late, clip, hint: true }),
    [`${seconds} s, neither`]: () => finalAfter({ engine: late, clip, hint: false }),
  });
}
await Promise.all([stt.close(), late.close()]);

/** Engine time of one decode of a whole clip, as reported by the engine. */
async function decodeOnce(clip) {
  const { stream, final } = listen(late);
  stream.beginUtterance();
  stream.push(clip);
  stream.endUtterance();
  const { decodeMs } = await final;
  stream.close();
  return decodeMs;
}

/** Speaks a clip in real time; the caller's voice ends with the clip. */
async function finalAfter({ engine, clip, hint }) {
  const { stream, final } = listen(engine);
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

function listen(engine) {
  let tell;
  const final = new Promise((resolve, reject) => {
    tell = { resolve, reject };
  });
  const stream = engine.openStream({
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

/** Measures the arms in turn, so that other load on the machine affects all of them. */
async function report(arms) {
  const values = new Map(Object.keys(arms).map((name) => [name, []]));
  for (let i = 0; i < rounds; i++) {
    for (const [name, measure] of Object.entries(arms)) values.get(name).push(await measure());
  }
  for (const [name, measured] of values) {
    const at = (percent) => ms(percentile(ascending(measured), percent));
    console.log(`${name.padEnd(26)} ${String(rounds).padStart(3)} ${at(50)} ${at(95)}`);
  }
}

function ms(value) {
  return value.toFixed(1).padStart(7);
}
